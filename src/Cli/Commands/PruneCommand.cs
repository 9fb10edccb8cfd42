using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet prune</c>: chooses the language-model layers a tagger needs and deletes the others.</summary>
sealed class PruneCommand : CliCommand
{
    readonly Option<string> model = new("--model")
    {
        Description = "A trained tagger with language models.", HelpName = "DIR", Required = true,
    };

    readonly Option<int?> layers = NumberOption.Optional("--layers",
        "Layers to keep, both directions together (lambda1); 2 by default.", 0, 2000);

    readonly Option<double?> lambda0 = NumberOption.Optional("--lambda0",
        "Weight of the penalty: 0.05 for NER (default), 0.5 for chunking.", 0, double.MaxValue);

    readonly Option<string?> method = new("--method") { Description = "z (the paper's), l1 or group-lasso.",
        HelpName = "M" };
    readonly Option<string> output = new("--out") { Description = "Folder for the pruned tagger.", HelpName = "DIR",
        Required = true };

    public PruneCommand() : base("prune", "Selects the language-model layers a tagger needs, and deletes the others.")
    {
        ReadsSettings = true;
        Examples =
        [
            ("ldnet prune --model tagger --train train.conll --dev dev.conll --test test.conll --layers 2 --out pruned",
                "The paper's method: R3 with a proximal step."),
            ("ldnet prune --model tagger --train train.conll --dev dev.conll --layers 2 --method group-lasso "
                + "--out pruned",
                "By group lasso."),
        ];
        Notes = "Settings: 'ldnet config list prune'. Only epochs with few enough layers count; "
            + "the folder holds the best of them, its layers deleted.";
        method.AcceptOnlyFromAmong("z", "l1", "group-lasso");
        foreach (var option in new Option[]
        {
            model, CommonOptions.TrainFile, CommonOptions.DevFile, CommonOptions.TestFile, layers, lambda0, method,
            output,
            CommonOptions.Resume, CommonOptions.Lenient,
        })
            Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        // Wrong settings are said before a folder is made; a run that goes on has the others in its folder.
        if (!context.Value(CommonOptions.Resume)) Chosen(context);
        var files = LabelledFiles.Load(context);
        var backend = context.Backend;
        var folder = new CheckpointFolder(context.Value(output));
        using var claimed = OutputFolder.Claim(folder, TaggerConfig.KindName, context.Value(CommonOptions.Resume),
            context.Progress);
        var seed = RunSeed.Of(context, folder);
        var result = LayerSelectionRun.Train(backend, new()
        {
            Model = context.Value(model), Train = files.Train, Dev = files.Dev, Output = folder.Root,
            Options = Chosen(context, claimed.IsTaken ? LayerSelectionRun.SavedOptions(folder) : null),
            Seed = seed, Claimed = claimed, Label = $"layer selection, seed {seed}",
        }, context.Progress, context.Cancellation);
        var report = result.WasInterrupted || files.Test is null
            ? null : TaggerEvaluation.Score(backend, folder.Root, files.Test);
        Report(context, backend, folder, new SeedResult(seed, result, report));
        return result.WasInterrupted ? context.Interrupted(folder.Root) : ExitCode.Success;
    }

    PruneOptions Chosen(CommandContext context, PruneOptions? underneath = null)
    {
        var settings = context.Settings;
        if (context.Value(layers) is { } count) settings = settings.With("layers", count.ToString());
        if (context.Value(lambda0) is { } weight) settings = settings.With("lambda0", weight.ToString());
        if (context.Value(method) is { } name) settings = settings.With("method", name);
        return settings.Read(underneath);
    }

    static void Report(CommandContext context, DeviceBackend<float> backend, CheckpointFolder folder, SeedResult result)
    {
        var json = result.ToJson();
        if (!folder.Exists)
        {
            context.Report(json,
                writer => writer.WriteLine("Interrupted before the first epoch with few enough layers."));
            return;
        }
        using var pruned = TaggerFolder.Load(backend, folder.Root);
        var kept = new[] { pruned.Tagger.Forward!, pruned.Tagger.Backward! };
        var cost = TaggerCost.PerWord(pruned.Tagger);
        json["forward_z"] = new JsonArray([.. Scales(kept[0]).Select(z => (JsonNode)z)]);
        json["backward_z"] = new JsonArray([.. Scales(kept[1]).Select(z => (JsonNode)z)]);
        json["multiply_adds_per_word"] = cost;
        context.Report(json, writer =>
        {
            var table = new TextTable("dev F1", "test F1", "layers kept", "z", "multiply-adds a word", "best epoch");
            table.Add(Figure(result.Training.BestF1), result.Test is null ? "" : Figure(result.Test.F1),
                $"{Scales(kept[0]).Length} forward, {Scales(kept[1]).Length} backward",
                string.Join(' ', kept.SelectMany(Scales).Select(Figure)),
                cost.ToString("N0"), result.Training.BestEpoch.ToString());
            table.WriteTo(writer);
        });
    }

    static double[] Scales(LanguageModelEncoder<float> encoder) =>
        Array.ConvertAll(encoder.Scale?.ToArray() ?? [], z => (double)z);

    static string Figure(double value) => value.ToString("f2");
}
