using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet export onnx</c>: a tagger for other programs.</summary>
sealed class ExportOnnxCommand : CliCommand
{
    readonly Option<string> model = new("--model") { Description = "A tagger, whole or pruned.", HelpName = "DIR",
        Required = true };
    readonly Option<string> output = new("--out") { Description = "The ONNX file to write.", HelpName = "FILE",
        Required = true };

    public ExportOnnxCommand()
        : base("onnx", "Writes a tagger as one ONNX file, from ids to tags, Viterbi and vocabularies in it.")
    {
        Examples = [("ldnet export onnx --model pruned --out tagger.onnx", "For ONNX Runtime in any language.")];
        Notes = $"The file is of ONNX's operator set {TaggerOnnxFile.Opset}, in float; Viterbi is in double. "
            + "It does not write over a file.";
        Add(model);
        Add(output);
    }

    protected override int Execute(CommandContext context)
    {
        var file = context.Value(output);
        OutputFile.RequireFolder(output.Name, file);
        using var loaded = TaggerFolder.Load(context.Backend, context.Value(model));
        var bytes = TaggerOnnxFile.Write(loaded, file);
        context.Report(
            new JsonObject { ["file"] = file, ["bytes"] = bytes, ["opset"] = TaggerOnnxFile.Opset },
            writer => writer.WriteLine(
                $"{file}: {bytes:N0} bytes, ONNX operator set {TaggerOnnxFile.Opset}."));
        return ExitCode.Success;
    }
}
