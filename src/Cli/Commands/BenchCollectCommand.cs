using System.CommandLine;
using LdNetGpu.Devices;
using LdNetGpu.Cli.Benchmarks;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet bench collect</c>: one JSON file and one text of all that the pack for GPU machines ran.</summary>
sealed class BenchCollectCommand : CliCommand
{
    readonly Argument<string> parts =
        new("PARTS") { Description = "Folder in which bench/gpu/run.sh keeps what each of its steps wrote." };
    readonly Option<string> output = new("--out") { Description = "Folder for results.json and results.txt.",
        HelpName = "DIR", Required = true };

    public BenchCollectCommand()
        : base("collect", "Makes results.json, and results.txt to read, of what the pack for GPU machines ran.")
    {
        Examples = [("ldnet bench collect kept/parts --out results", "What run.sh does at its end.")];
        Notes = "Takes the parts that are there. A step that failed, or was cut, is listed with its exit code.";
        Add(parts);
        Add(output);
    }

    protected override int Execute(CommandContext context)
    {
        var folder = context.Value(parts);
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such folder.");
        var results = PackResults.Read(folder);
        Directory.CreateDirectory(context.Value(output));
        results.Write(context.Value(output));
        context.Report(results.Json, results.WriteText);
        return ExitCode.Success;
    }
}
