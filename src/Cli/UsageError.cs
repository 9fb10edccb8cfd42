using System.CommandLine;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Cli;

/// <summary>Says what is wrong with a command line, what was probably meant, and where help is.</summary>
static class UsageError
{
    public static int Report(ParseResult parsed, TextWriter output)
    {
        foreach (var message in parsed.Errors.Select(error => error.Message).Distinct())
            output.WriteLine("error: " + message);
        var command = parsed.CommandResult.Command;
        foreach (var token in parsed.UnmatchedTokens.Distinct())
            if (NearestName.Of(token, Names(command, token.StartsWith('-'))) is { } nearest)
                output.WriteLine($"Did you mean '{nearest}' for '{token}'?");
        output.WriteLine($"'{Path(command)} --help' shows what it takes.");
        return ExitCode.BadUsage;
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
