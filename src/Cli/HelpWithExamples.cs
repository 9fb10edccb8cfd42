using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LdNetGpu.Cli;

/// <summary>The library's help, then the command's examples and notes.</summary>
sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is CliCommand command)
        {
            if (command.Examples.Count > 0) output.WriteLine("Examples:");
            foreach (var (line, meaning) in command.Examples)
            {
                output.WriteLine("  " + line);
                output.WriteLine("      " + meaning);
            }
            if (command.Notes.Length > 0) output.WriteLine(Environment.NewLine + command.Notes);
        }
        return code;
    }
}
