using System.CommandLine;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary>How columns are to be read, for every command that reads them.</summary>
static class ColumnOptions
{
    /// <summary>iob1, iob2 (BIO), iobes (BIOES), ... Made before the options below, which say them.</summary>
    public static string[] SchemeNames { get; } =
        [.. Enum.GetNames<TagScheme>().Where(name => name != nameof(Train.Data.TagScheme.Auto))
            .Select(name => name.ToLowerInvariant())];

    public static readonly Option<int?> WordColumn = new("--word-column")
    {
        Description = "Column of the word, from 1; -1 is the last. The first by default, in CoNLL-U that of FORM.",
        HelpName = "N",
    };

    public static readonly Option<int?> TagColumn = new("--tag-column")
    {
        Description = "Column of the tag, from 1; -1, the last, by default.", HelpName = "N",
    };

    public static readonly Option<string?> Separator = new("--separator")
    {
        Description = "What separates columns: one character, \\t, or 'spaces'. By default TAB where the first line "
            + "has one, else spaces.",
        HelpName = "C",
    };

    public static readonly Option<string?> Comment = new("--comment")
    {
        Description = "What comment lines begin with; '' for no comments. By default '# key = value' and the like.",
        HelpName = "MARK",
    };

    public static readonly Option<string> TagScheme = SchemeOption("--tag-scheme", "The tags' scheme");

    /// <summary>Those of a file with tags.</summary>
    public static IReadOnlyList<Option> Labelled => [WordColumn, TagColumn, Separator, Comment, TagScheme];

    /// <summary>Those of a file without.</summary>
    public static IReadOnlyList<Option> Unlabelled => [WordColumn, Separator, Comment];

    /// <summary>An option for the scheme that a file's tags are in.</summary>
    public static Option<string> SchemeOption(string name, string what)
    {
        var option = new Option<string>(name)
        {
            Description = $"{what}: {string.Join(", ", SchemeNames)}; auto, told from the tags, by default.",
            HelpName = "S", DefaultValueFactory = _ => "auto",
        };
        option.AcceptOnlyFromAmong(["auto", .. SchemeNames]);
        return option;
    }

    /// <summary>What <see cref="SchemeOption"/> took.</summary>
    public static TagScheme Scheme(string name) => Enum.Parse<TagScheme>(name, ignoreCase: true);

    /// <summary>What was said of a file with tags.</summary>
    public static ConllOptions ReadLabelled(CommandContext context) => ReadUnlabelled(context) with
    {
        TagColumn = Column(context, TagColumn) ?? new ConllOptions().TagColumn,
    };

    /// <summary>What was said of a file without.</summary>
    public static ConllOptions ReadUnlabelled(CommandContext context) => ConllOptions.Unlabelled with
    {
        WordColumn = Column(context, WordColumn),
        Separator = Character(context, Separator),
        Comment = context.Value(Comment),
    };

    /// <summary>A column, from 0; negative from the last. Null where none was named.</summary>
    /// <exception cref="UserException">Column 0.</exception>
    public static int? Column(CommandContext context, Option<int?> option) => context.Value(option) switch
    {
        0 => throw new UserException($"{option.Name} 0: columns are counted from 1; -1 is the last."),
        > 0 and var column => column - 1,
        var other => other,
    };

    /// <summary>A character between columns; null where none was named.</summary>
    /// <exception cref="UserException">More than one, or none.</exception>
    public static char? Character(CommandContext context, Option<string?> option) => context.Value(option) switch
    {
        null => null,
        "\\t" or "tab" => '\t',
        "spaces" or "\\s+" => ' ',
        [var only] => only,
        var other => throw new UserException(
            $"{option.Name} '{other}': exactly one character, \\t or 'spaces' is expected."),
    };
}
