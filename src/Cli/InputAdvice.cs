using System.CommandLine;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli;

/// <summary>Which options of the command at hand may mend what it cannot read. None is named that it does not
/// take.</summary>
static class InputAdvice
{
    // What each remedy comes to, in the order in which it is tried.
    static readonly (InputRemedy Remedy, string Option, string Use)[] Choices =
    [
        (InputRemedy.Separator, "--separator", "--separator if columns are separated by something else"),
        (InputRemedy.Separator, "--delimiter", "--delimiter if columns are separated by something else"),
        (InputRemedy.Separator, "--comment", "--comment if the line is a comment"),
        (InputRemedy.Columns, "--word-column", "--word-column if words stand in another column"),
        (InputRemedy.Columns, "--tag-column", "--tag-column if tags stand in another column"),
        (InputRemedy.Columns, "--gold-column", "--gold-column and --predicted-column if tags stand in others"),
        (InputRemedy.Columns, "--separator", "--separator if columns are separated by something else"),
        (InputRemedy.Columns, "--delimiter", "--delimiter if columns are separated by something else"),
        (InputRemedy.TagScheme, "--tag-scheme", "--tag-scheme if the file's scheme is another"),
        (InputRemedy.TagScheme, "--from", "--from if the file's scheme is another"),
        (InputRemedy.TagScheme, "--lenient", "--lenient to read such tags as conlleval does"),
    ];

    /// <summary>A sentence; it names options that the command takes and that were not given yet.</summary>
    /// <param name="remedy">What may mend it.</param>
    /// <param name="command">The command line; null for any.</param>
    public static string Of(InputRemedy remedy, ParseResult? command)
    {
        var uses = Choices.Where(choice => choice.Remedy == remedy && IsOpen(choice.Option, command))
            .Select(choice => choice.Use).ToList();
        return uses.Count == 0 ? "Mend the file." : $"Mend the file, or give {string.Join(", or ", uses)}.";
    }

    // A separator that was given may be the wrong one; a flag that was given cannot be given once more.
    static bool IsOpen(string name, ParseResult? command)
    {
        if (command is null) return true;
        var option = command.CommandResult.Command.Options.FirstOrDefault(candidate => candidate.Name == name);
        return option is not null
            && (option is not Option<bool> || command.GetResult(option) is null or { Implicit: true });
    }
}
