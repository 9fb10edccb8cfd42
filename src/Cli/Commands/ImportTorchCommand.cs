using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Import;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet import torch</c>: models of the published PyTorch code.</summary>
sealed class ImportTorchCommand : CliCommand
{
    readonly Argument<string> file = new("FILE") { Description = "What torch.save wrote, .th or .pt." };
    readonly Option<string> vocabulary = new("--vocabulary")
    {
        Description = "The pickle with the model's maps from words to ids.", HelpName = "FILE", Required = true,
    };

    readonly Option<string> output = new("--out")
    {
        Description = "Folder for the model; of a language model its direction's own.", HelpName = "DIR",
        Required = true,
    };

    readonly Option<string?> direction = new("--direction")
    {
        Description = "Of a language model: forward or backward.", HelpName = "D",
    };

    readonly Option<bool> relu = new("--projection-relu")
    {
        Description = "A language model was trained with --add_relu.",
    };

    public ImportTorchCommand()
        : base("torch", "Reads a model of the published PyTorch code into a folder; nothing in its files is executed.")
    {
        Examples =
        [
            ("ldnet import torch best.th --vocabulary ner_dataset.pk --out tagger", "A tagger, whole or pruned."),
            ("ldnet import torch lm.th --vocabulary one_billion/test.pk --direction forward --out lm/forward",
                "A language model."),
        ];
        Notes = "Both of PyTorch's file formats are read. Sizes, units and layers are told from the tensors; a tagger "
            + "reads its sentences' ends as the published code does of one sentence at a time.";
        direction.AcceptOnlyFromAmong("forward", "backward");
        Add(file);
        foreach (var option in new Option[] { vocabulary, output, direction, relu }) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var result = TorchImport.Run(context.Backend, new()
        {
            Model = context.Value(file), Vocabulary = context.Value(vocabulary), Output = context.Value(output),
            IsBackward = context.Value(direction) is { } given ? given == "backward" : null,
            ProjectionRelu = context.Value(relu),
        });
        context.Report(
            new JsonObject { ["kind"] = result.Kind, ["tensors"] = result.Tensors, ["words"] = result.Words },
            writer => writer.WriteLine($"{context.Value(output)}: a {result.Kind.Replace('_', ' ')} of "
                + $"{result.Tensors} tensors, {result.Words:N0} words."));
        return ExitCode.Success;
    }
}
