using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Training;

/// <summary>A run that goes on may be longer than it was to be; all else that changed is refused by name.</summary>
public sealed class ChangedOptionsTests(TinyModels tiny) : IDisposable
{
    readonly SmallFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory, InlineData("tagger"), InlineData("lm"), InlineData("prune")]
    public void LongerRunLeavesTheBytesOfOneThatWasToBeSo(string command)
    {
        string[] Command(string output, params string[] more) => command switch
        {
            "tagger" => tiny.TaggerTraining(output, more),
            "lm" => tiny.LanguageModelTraining(output, ["--direction", "forward", .. more]),
            _ => tiny.Pruning(output, ["--layers", "4", "--lambda0", "2", .. more]),
        };
        var (whole, grown) = (tiny.PathOf($"{command}-long"), tiny.PathOf($"{command}-grown"));
        string[] longer = ["--set", "max_epochs=5", "--set", "patience=99"];
        Ldnet.Run(Command(whole, longer)).Succeeded();
        Ldnet.Run(Command(grown)).Succeeded();
        var resumed = Ldnet.Run(Command(grown, ["--resume", .. longer])).Succeeded();
        Assert.Contains("goes on with max_epochs=5; it was ", resumed.Error, StringComparison.Ordinal);
        // The best model may be of the shorter run, and then its config.json says so.
        var (expected, found) = (ResumeTests.Bytes(whole), ResumeTests.Bytes(grown));
        Assert.Equal(expected.Keys, found.Keys);
        foreach (var name in expected.Keys.Where(name => Path.GetFileName(name) != "config.json"))
            Assert.True(expected[name] == found[name], $"{name} differs.");
        // And once more, without a word of settings: the longer ones are the run's own now.
        Assert.DoesNotContain("goes on with", Ldnet.Run(Command(grown, ["--resume", .. longer])).Succeeded().Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OtherSeedAndWidthAreRefusedWithOldAndNew()
    {
        var train = files.Write("train.conll", SmallFiles.Names);
        Ldnet.Run(files.Training("out", train, train)).Succeeded();
        var before = ResumeTests.Bytes(files.PathOf("out"));
        var run = Ldnet.Run(files.Training("out", train, train, "--resume", "--set", "max_epochs=6", "--seed", "7",
                "--set", "word_hidden=99"))
            .Failed(1, "with seed=1, word_hidden=8; this one has seed=7, word_hidden=99", "another --out");
        Assert.DoesNotContain("max_epochs=6", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, ResumeTests.Bytes(files.PathOf("out")));
    }

    [Theory, InlineData("tagger"), InlineData("lm"), InlineData("prune")]
    public void SettingsLeftOutOnResumeAreTheRunsOwn(string command)
    {
        var output = tiny.PathOf($"{command}-short");
        var (begin, go) = command switch
        {
            "tagger" => (tiny.TaggerTraining(output, "--seed", "7"),
                new[] { "tagger", "train", "--train", tiny.TrainFile, "--dev", tiny.DevFile }),
            "lm" => (tiny.LanguageModelTraining(output, "--seed", "7"),
                ["lm", "train", "--train", tiny.Text, "--valid", tiny.ValidText]),
            _ => (tiny.Pruning(output, "--layers", "4", "--lambda0", "2", "--seed", "7"),
                ["prune", "--model", tiny.Tagger, "--train", tiny.TrainFile, "--dev", tiny.DevFile]),
        };
        Ldnet.RunUntil(4, begin);
        var result = Ldnet.Run([.. go, "--out", output, "--resume", "--json"]).Json;
        if (command == "tagger") Assert.Equal(7, result["seeds"]![0]!["seed"]!.GetValue<int>());
        if (command == "prune") Assert.Equal(7, result["seed"]!.GetValue<int>());
        // The direction that was not begun is of the same run.
        if (command == "lm")
            Assert.Contains("\"hidden_size\": 5,", File.ReadAllText(Path.Combine(output, "backward", "config.json")),
                StringComparison.Ordinal);
    }

    [Theory, InlineData("tagger", "max_epochs=2", "max_epochs=3"), InlineData("tagger", "patience=3", "patience=15")]
    [InlineData("tagger", "dropout=0.1", "dropout=0.5")]
    [InlineData("tagger", "constraints=scheme", "constraints=structure")]
    [InlineData("tagger", "optimizer=adam", "optimizer=sgd"), InlineData("tagger", "batch_size=9", "batch_size=8")]
    [InlineData("lm", "max_epochs=1", "max_epochs=2"), InlineData("lm", "decay=0.5", "decay=0.1")]
    [InlineData("lm", "hidden_size=4", "hidden_size=5"), InlineData("lm", "max_tokens=50", "max_tokens=0")]
    [InlineData("prune", "max_epochs=2", "max_epochs=3"), InlineData("prune", "lambda0=3", "lambda0=2")]
    public void SmallerBoundsAndOtherSettingsAreRefused(string command, string now, string then)
    {
        var output = tiny.PathOf($"{command}-{now}");
        string[] Command(params string[] more) => command switch
        {
            "tagger" => tiny.TaggerTraining(output, more),
            "lm" => tiny.LanguageModelTraining(output, more),
            _ => tiny.Pruning(output, ["--layers", "4", "--set", "lambda0=2", .. more]),
        };
        Ldnet.RunUntil(4, Command());
        string[] smaller = now.StartsWith("max_epochs", StringComparison.Ordinal) && command == "prune"
            ? ["--set", "min_epochs=2"] : [];
        Ldnet.Run(Command(["--resume", "--set", now, .. smaller])).Failed(1, then, now);
        Ldnet.Run(Command("--resume")).Succeeded();
    }

    [Fact]
    public void TextThatOnlyLooksTheSameIsRefused()
    {
        var train = files.Write("train.conll", SmallFiles.Names);
        Ldnet.Run(files.Training("out", train, train)).Succeeded();
        var mended = files.Write("mended.conll", SmallFiles.Names.Replace("Oslo\tB-LOC", "Oslo\tB-ORG"));
        Ldnet.Run(files.Training("out", mended, train, "--resume", "--set", "max_epochs=6"))
            .Failed(1, "texts of CRC-32C", "another --out");
        // The same text elsewhere is the same.
        var moved = files.Write("moved.conll", SmallFiles.Names);
        Ldnet.Run(files.Training("out", moved, moved, "--resume", "--set", "max_epochs=6")).Succeeded();
    }

    [Fact]
    public void TextOfTheSameWordsInAnotherOrderIsRefused()
    {
        var output = tiny.PathOf("lm-order");
        var command = tiny.LanguageModelTraining(output, "--direction", "forward");
        Ldnet.RunUntil(2, command);
        var other = tiny.Write("reversed.txt", string.Concat(File.ReadLines(tiny.Text).Reverse().Select(line =>
            line + "\n")));
        string[] With(string text) => [.. command.Select(word => word == tiny.Text ? text : word), "--resume"];
        Ldnet.Run(With(other)).Failed(1, "texts of CRC-32C", "another --out");
        Ldnet.Run(With(tiny.Write("copied.txt", File.ReadAllBytes(tiny.Text)))).Succeeded();
    }

    [Fact]
    public void AnotherTaggerOfTheSameShapeCannotBePrunedOn()
    {
        var (output, other) = (tiny.PathOf("prune-other"), tiny.PathOf("other-tagger"));
        Ldnet.Run(tiny.TaggerTraining(other, "--lm", tiny.LanguageModels, "--seed", "2", "--set", "max_epochs=1"))
            .Succeeded();
        var command = tiny.Pruning(output, "--layers", "6");
        Ldnet.RunUntil(2, command);
        string[] With(string tagger) => [.. command.Select(word => word == tiny.Tagger ? tagger : word), "--resume"];
        Ldnet.Run(With(other)).Failed(1, "a tagger of CRC-32C", "another --out");
        Ldnet.Run(With(tiny.CopyOf(tiny.Tagger, "moved-tagger"))).Succeeded();
    }

    [Fact]
    public void LanguageModelsThatAreNotReadAreSpokenOf()
    {
        var output = tiny.PathOf("with-lm");
        Ldnet.Run(tiny.TaggerTraining(output, "--lm", tiny.LanguageModels)).Succeeded();
        var resumed = Ldnet.Run(tiny.TaggerTraining(output, "--lm", tiny.LanguageModels, "--resume")).Succeeded();
        Assert.Contains("not read again", resumed.Error, StringComparison.Ordinal);
        var without = tiny.PathOf("without-lm");
        Ldnet.Run(tiny.TaggerTraining(without)).Succeeded();
        Ldnet.Run(tiny.TaggerTraining(without, "--lm", tiny.LanguageModels, "--resume"))
            .Failed(1, "no language models", tiny.LanguageModels);
        Ldnet.Run(tiny.TaggerTraining(output, "--lm", tiny.PathOf("nowhere"), "--resume"))
            .Failed(1, "nowhere", "not a checkpoint folder");
        var other = tiny.CopyOf(tiny.LanguageModels, "other-lm");
        Directory.Delete(Path.Combine(other, "forward"), recursive: true);
        Directory.Move(tiny.CopyOf(Path.Combine(tiny.LanguageModels, "backward"), "other-lm-backward"),
            Path.Combine(other, "forward"));
        Ldnet.Run(tiny.TaggerTraining(output, "--lm", other, "--resume"))
            .Failed(1, "language models of CRC-32C", $"this one has {other} of CRC-32C");
        Ldnet.Run(tiny.TaggerTraining(output, "--lm", tiny.CopyOf(tiny.LanguageModels, "moved-lm"), "--resume"))
            .Succeeded();
    }

    [Fact]
    public void OtherWordVectorsAreRefused()
    {
        const string vectors = "the 1 2 3 4 5 6\nof 6 5 4 3 2 1\n";
        var file = files.Write("vectors.txt", vectors);
        var (with, without) = (tiny.PathOf("with-vectors"), tiny.PathOf("without-vectors"));
        Ldnet.Run(tiny.TaggerTraining(without)).Succeeded();
        Ldnet.Run(tiny.TaggerTraining(without, "--embeddings", file, "--resume"))
            .Failed(1, "a run with no word vectors", file);
        Ldnet.Run(tiny.TaggerTraining(with, "--embeddings", file)).Succeeded();
        foreach (var more in new[] { new[] { "--embeddings", files.Write("moved.txt", vectors) }, [] })
            Ldnet.Run(tiny.TaggerTraining(with, ["--resume", .. more])).Succeeded();
        Ldnet.Run(tiny.TaggerTraining(with, "--resume", "--embeddings", files.Write("others.txt", vectors + "a 1 2 3 4 "
            + "5 6\n"))).Failed(1, "word vectors of CRC-32C", "others.txt of CRC-32C");
        Ldnet.Run(tiny.TaggerTraining(with, "--resume", "--embeddings", files.PathOf("nothing.txt")))
            .Failed(1, "nothing.txt: no such file");
    }
}
