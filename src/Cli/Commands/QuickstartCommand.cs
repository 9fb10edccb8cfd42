using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet quickstart</c>: the whole of LD-Net in small, on made-up text.</summary>
sealed class QuickstartCommand : CliCommand
{
    readonly Option<string?> output = new("--out")
    {
        Description = "Folder to keep texts and models in; without it nothing is kept.", HelpName = "DIR",
    };

    readonly Option<double> speedSeconds = NumberOption.Of("--speed-seconds",
        "Seconds for which each tagger's speed is measured; 0 leaves it out.", 1.0, 0.0, 3600.0);

    public QuickstartCommand() : base("quickstart",
        "The main job in small: language models, taggers without and with them, pruning, on made-up text, in minutes.")
    {
        ReadsSettings = true;
        Examples =
        [
            ("ldnet quickstart", "Prints one table: F1, cost and speed of NoLM, LM and pruned taggers."),
            ("ldnet quickstart --out quickstart",
                "Keeps texts and models, to try 'ldnet tag --model quickstart/pruned' on."),
            ("ldnet quickstart --set lm.layers=2 --set data.unlabelled_words=20000", "Fewer layers, less text."),
        ];
        Notes = "A seeded grammar makes the text. The names of its test part occur in no labelled training sentence, "
            + "but in the unlabelled text: the language models have something to give. Settings are those of 'ldnet "
            + "config list', with lm., tagger., prune. or data. before the key; 'ldnet config show quickstart' prints "
            + "the quickstart's own defaults.";
        Add(output);
        Add(speedSeconds);
    }

    /// <summary>What it trains, as folders under its own.</summary>
    static readonly string[] Models = ["lm/forward", "lm/backward", "nolm", "tagger", "pruned"];

    /// <summary>A line of the table.</summary>
    sealed record Row(string Name, double F1, double MultiplyAdds, string Layers, double? WordsPerSecond);

    protected override int Execute(CommandContext context)
    {
        var settings = QuickstartSettings.Read(context.Settings);
        var kept = context.Value(output);
        var folder = kept ?? Directory.CreateTempSubdirectory("ldnet-quickstart-").FullName;
        try
        {
            // Before the texts of another quickstart are written over.
            using var claimed = OutputFolder.Claim(new(folder), kind: null, resume: false);
            foreach (var name in Models) OutputFolder.RequireFree(new(Path.Combine(folder, name)));
            FileTakenException.RequireFree(
                SyntheticCorpus.FileNames.Select(name => Path.Combine(folder, "data", name)));
            return Run(context, settings, folder);
        }
        finally
        {
            if (kept is null) Directory.Delete(folder, recursive: true);
        }
    }

    int Run(CommandContext context, QuickstartSettings settings, string folder)
    {
        var clock = Stopwatch.StartNew();
        string In(string name) => Path.Combine(folder, name);
        LabelledFile Labelled(string name) => LabelledFile.Load(In($"data/{name}.conll"));
        new SyntheticCorpus(settings.Data with { Seed = context.Seed }).Write(In("data"));
        var (train, dev, test) = (Labelled("train"), Labelled("dev"), Labelled("test"));

        var models = LanguageModelRun.Train(context.Backend, new()
        {
            Sources = [In("data/unlabelled.txt")], Valid = In("data/unlabelled.valid.txt"), Output = In("lm"),
            Configure = _ => settings.LanguageModel, Seed = context.Seed,
        }, context.Progress, context.Cancellation);
        if (models.Any(model => model.Training.WasInterrupted)) return ExitCode.Interrupted;
        var backend = context.Backend;
        var rows = new List<Row>();
        foreach (var (name, title, languageModels) in new[] { ("nolm", "NoLM", (string?)null),
            ("tagger", "LM", In("lm")) })
        {
            var trained = TaggerRun.Train(backend, new()
            {
                Train = train, Dev = dev, Output = In(name), LanguageModels = languageModels,
                Configure = _ => settings.Tagger, Seed = context.Seed,
                Label = $"tagger {title}",
            }, context.Progress, context.Cancellation);
            if (trained.WasInterrupted) return ExitCode.Interrupted;
            rows.Add(Measure(title, In(name)));
        }
        var pruned = LayerSelectionRun.Train(backend, new()
        {
            Model = In("tagger"), Train = train, Dev = dev, Output = In("pruned"), Options = settings.Prune,
            Seed = context.Seed,
        }, context.Progress, context.Cancellation);
        if (pruned.WasInterrupted) return ExitCode.Interrupted;
        rows.Add(Measure("pruned", In("pruned")));
        Report(context, models, rows, clock.Elapsed);
        return ExitCode.Success;

        Row Measure(string name, string folder)
        {
            using var loaded = TaggerFolder.Load(backend, folder);
            var evaluation = new TaggerEvaluation(loaded.Vocabularies, test);
            var report = evaluation.Score(loaded.Tagger);
            return new(name, report.F1, TaggerCost.PerWord(loaded.Tagger), Layers(loaded.Tagger),
                Speed(() => evaluation.Score(loaded.Tagger), test.WordCount,
                    TimeSpan.FromSeconds(context.Value(speedSeconds))));
        }
    }

    static void Report(CommandContext context, IReadOnlyList<DirectionResult> models, List<Row> rows, TimeSpan elapsed)
    {
        var json = new JsonObject
        {
            ["seed"] = context.Seed,
            ["perplexity"] = new JsonObject(models.Select(model => KeyValuePair.Create(
                model.Direction, (JsonNode?)model.Valid!.Perplexity))),
            ["taggers"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
            {
                ["name"] = row.Name,
                ["test_f1"] = row.F1,
                ["multiply_adds_per_word"] = row.MultiplyAdds,
                ["layers_kept"] = row.Layers,
                ["words_per_second"] = row.WordsPerSecond is { } rate ? Math.Round(rate) : null,
            })]),
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 1),
        };
        context.Report(json, writer =>
        {
            var table = new TextTable("tagger", "test F1", "multiply-adds a word", "layers kept", "words/s");
            foreach (var row in rows)
                table.Add(row.Name, row.F1.ToString("f2"),
                    row.MultiplyAdds.ToString("N0"), row.Layers,
                    row.WordsPerSecond?.ToString("N0") ?? "");
            table.WriteTo(writer);
            var perplexities = models.Select(model =>
                $"{model.Direction} {model.Valid!.Perplexity:f2}");
            writer.WriteLine(
                $"Perplexity: {string.Join(", ", perplexities)}. Seed {context.Seed}, {Duration.Text(elapsed)}.");
        });
    }

    // The first pass, before this, warmed caches and compiled code: this is what a user of a running tagger sees.
    static double? Speed(Action pass, int words, TimeSpan least)
    {
        if (least == TimeSpan.Zero) return null;
        var clock = Stopwatch.StartNew();
        long done = 0;
        for (; clock.Elapsed < least; done += words) pass();
        return done / clock.Elapsed.TotalSeconds;
    }

    static string Layers(Tagger<float> tagger) =>
        tagger.Forward is null
            ? "none" : $"{tagger.Forward.KeptLayers().Length} + {tagger.Backward!.KeptLayers().Length}";
}
