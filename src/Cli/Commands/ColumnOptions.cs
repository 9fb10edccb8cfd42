using System.CommandLine;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary>How columns are to be read, for every command that reads them.</summary>
static class ColumnOptions
{
    /// <summary>iob1, iob2 (BIO), iobes (BIOES), ... Made before the options below, which say them.</summary>
    public static string[] SchemeNames { get; } =
        [.. Enum.GetNames<TagScheme>().Where(name => name != nameof(Train.Data.TagScheme.Auto))
            .Select(name => name.ToLowerInvariant())];

    public static readonly Option<int?> WordColumn = ColumnOption("--word-column",
        "Column of the word, from 1; -1 is the last. The first by default, in CoNLL-U that of FORM.");

    public static readonly Option<int?> TagColumn = ColumnOption("--tag-column",
        "Column of the tag, from 1; -1, the last, by default.");

    public static readonly Option<string?> Separator = SeparatorOption("What separates columns: one character, \\t, or "
        + "'spaces'. By default TAB where the first line has one, else spaces.", "--separator");

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

    /// <summary>An option that names a column; column 0 is bad usage.</summary>
    public static Option<int?> ColumnOption(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var column) && column == 0)
                result.AddError($"{name} {token.Value}: columns are counted from 1; -1 is the last.");
        });
        return option;
    }

    /// <summary>An option for what stands between columns; more than one character is bad usage, and so is
    /// none.</summary>
    public static Option<string?> SeparatorOption(string description, string name, params string[] aliases)
    {
        var option = new Option<string?>(name, aliases) { Description = description, HelpName = "C" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && CharacterOf(token.Value) is null)
                result.AddError($"{name} '{token.Value}': exactly one character, \\t or 'spaces' is expected.");
        });
        return option;
    }

    /// <summary>
    /// Makes it bad usage to name columns of what is said to be text: they would have no effect.
    /// </summary>
    /// <param name="command">That takes both.</param>
    /// <param name="format">Option that says what the input is.</param>
    /// <param name="columns">What <paramref name="format"/> calls columns.</param>
    /// <param name="texts">What it calls text.</param>
    /// <param name="options">Of columns.</param>
    public static void RefuseForText(Command command, Option<string> format, string columns, string[] texts,
        IReadOnlyList<Option> options) => command.Validators.Add(result =>
    {
        if (result.GetResult(format)?.Tokens is not [var said] || !texts.Contains(said.Value)) return;
        foreach (var option in options.Where(option => result.GetResult(option) is { Implicit: false }))
            result.AddError($"{option.Name}: text has no columns: it goes with {format.Name} {columns}.");
    });

    /// <summary>A column, from 0; negative from the last. Null where none was named.</summary>
    public static int? Column(CommandContext context, Option<int?> option) =>
        context.Value(option) is { } column ? column > 0 ? column - 1 : column : null;

    /// <summary>A character between columns; null where none was named.</summary>
    public static char? Character(CommandContext context, Option<string?> option) =>
        context.Value(option) is { } text ? CharacterOf(text) : null;

    static char? CharacterOf(string text) => text switch
    {
        "\\t" or "tab" => '\t',
        "spaces" or "\\s+" => ' ',
        [var only] => only,
        _ => null,
    };
}
