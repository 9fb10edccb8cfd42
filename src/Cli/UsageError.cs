using System.CommandLine;
using System.CommandLine.Parsing;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Cli;

/// <summary>Says what is wrong with a command line, what was probably meant, and where help is.</summary>
static class UsageError
{
    public static int Report(ParseResult parsed, TextWriter output)
    {
        var command = parsed.CommandResult.Command;
        var unknown = UnknownOptions(parsed).ToList();
        foreach (var option in unknown) output.WriteLine($"error: {option}: no option of '{Path(command)}'.");
        // What follows an unknown option is its value, and no word is to be lost about that.
        var unmatched = unknown.Count > 0 ? parsed.UnmatchedTokens : [];
        foreach (var message in parsed.Errors.Select(error => error.Message).Distinct()
            .Where(message => !unmatched.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal))))
            output.WriteLine("error: " + message);
        foreach (var token in unknown.Count > 0 ? unknown : [.. parsed.UnmatchedTokens.Distinct()])
            if (NearestName.Of(token, Names(command, token.StartsWith('-'))) is { } nearest)
                output.WriteLine($"Did you mean '{nearest}' for '{token}'?");
        output.WriteLine($"'{Path(command)} --help' shows what it takes.");
        return ExitCode.BadUsage;
    }

    /// <summary>
    /// Words like options that no option took: those left over, and those that became a file's name. Behind <c>--</c>
    /// nothing is an option.
    /// </summary>
    public static IEnumerable<string> UnknownOptions(ParseResult parsed)
    {
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)) return [];
        var taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens)
            .Select(token => token.Value);
        return taken.Concat(parsed.UnmatchedTokens).Distinct()
            .Where(token => token is ['-', '-', _, ..] or ['-', >= 'A' and <= 'z', ..]);
    }

    static IEnumerable<string> Names(Command command, bool options) => options
        ? command.Options.Concat(GlobalOptions.All).Select(option => option.Name).Append("--help")
        : command.Subcommands.Select(child => child.Name);

    static string Path(Command command)
    {
        var names = new Stack<string>();
        for (Symbol? symbol = command; symbol != null; symbol = symbol.Parents.FirstOrDefault())
            names.Push(symbol is RootCommand ? "ldnet" : symbol.Name);
        return string.Join(' ', names);
    }
}
