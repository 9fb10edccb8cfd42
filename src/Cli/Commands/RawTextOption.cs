using System.CommandLine;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>How raw text is cut, as commands are told it.</summary>
static class RawTextOption
{
    /// <summary><c>--sentence-break</c>.</summary>
    /// <param name="byDefault">What the command does without it.</param>
    public static Option<string?> SentenceBreak(string byDefault)
    {
        var option = new Option<string?>("--sentence-break")
        {
            Description = "What ends sentences of raw text besides their marks: blank lines, blank, or each line's "
                + $"end, line, as where a line is a message. {byDefault}",
            HelpName = "B",
        };
        option.AcceptOnlyFromAmong(SentenceBreakName.BlankLine, SentenceBreakName.LineEnd);
        return option;
    }

    /// <summary>What was said; null where nothing was.</summary>
    public static SentenceBreak? BreakOf(CommandContext context, Option<string?> option) =>
        context.Value(option) is { } name ? SentenceBreakName.Of(name) : null;
}
