namespace LdNetGpu.Tests.Commands;

/// <summary>No command writes over a file that it was not asked to, least of all over what it reads.</summary>
public sealed class WrittenFilesTests(TinyModels tiny)
{
    [Theory, InlineData("train"), InlineData("dev"), InlineData("test")]
    public void SplitWritesOverNothing(string part)
    {
        var folder = $"split-over-{part}";
        var text = File.ReadAllText(tiny.TrainFile);
        var file = tiny.Write($"{folder}/{part}.conll", text);
        foreach (var input in new[] { file, tiny.TrainFile })
            Ldnet.Run("data", "split", "--by", "sentence", "--out", tiny.PathOf(folder), input)
                .Failed(1, $"{part}.conll: is there already", "another --out");
        Assert.Equal(text, File.ReadAllText(file));
        Assert.Single(Directory.EnumerateFiles(tiny.PathOf(folder)));
    }

    [Theory, InlineData("tagger"), InlineData("seeds"), InlineData("prune"), InlineData("lm"), InlineData("quickstart")]
    public void OutputsAreFolders(string command)
    {
        var file = tiny.Write($"output-of-{command}", "a text of another");
        foreach (var output in new[] { "", file })
            Ldnet.Run(command switch
            {
                "tagger" => tiny.TaggerTraining(output),
                "seeds" => tiny.TaggerTraining(output, "--seeds", "2"),
                "lm" => tiny.LanguageModelTraining(output),
                "prune" => tiny.Pruning(output, "--layers", "2"),
                _ => ["quickstart", "--out", output],
            }).Failed(1, "output folder", "another --out");
        Assert.Equal("a text of another", File.ReadAllText(file));
    }

    [Fact]
    public void SplitTwiceIsRefused()
    {
        string[] split = ["data", "split", "--by", "sentence", "--out", tiny.PathOf("split-twice"), tiny.TrainFile];
        Ldnet.Run(split).Succeeded();
        Ldnet.Run([.. split, "--seed", "2"]).Failed(1, "train.conll: is there already");
    }

    [Theory, InlineData("tagger"), InlineData("prune"), InlineData("lm")]
    public void SettingsOfTheUsersAreNoRuns(string command)
    {
        var name = $"settings-over-{command}";
        var settings = tiny.Write(command == "lm" ? $"{name}/forward/settings.json" : $"{name}/settings.json", "{}");
        var output = tiny.PathOf(name);
        string[] Command(params string[] more) => command switch
        {
            "tagger" => tiny.TaggerTraining(output, more),
            "lm" => tiny.LanguageModelTraining(output, more),
            _ => tiny.Pruning(output, more),
        };
        foreach (var more in new[] { new[] { "--config", settings }, ["--config", settings, "--resume"] })
            Ldnet.Run(Command(more)).Failed(1, "settings.json: is there already", "another --out");
        Assert.Equal("{}", File.ReadAllText(settings));
    }

    [Fact]
    public void TokenCacheIsNotWrittenOverItsText()
    {
        var text = tiny.Write("tokens-over/train.tokens", File.ReadAllBytes(tiny.Text));
        string[] training = [.. tiny.LanguageModelTraining(tiny.PathOf("tokens-over"))
            .Select(word => word == tiny.Text ? text : word)];
        Ldnet.Run(training).Failed(1, "train.tokens: is there already", "another --out");
        Assert.Equal(File.ReadAllBytes(tiny.Text), File.ReadAllBytes(text));
    }

    [Fact]
    public void QuickstartWritesOverNoText()
    {
        var text = tiny.Write("quickstart-over/data/dev.conll", "Ann B-PER\n");
        Ldnet.Run("quickstart", "--out", tiny.PathOf("quickstart-over"))
            .Failed(1, "dev.conll: is there already", "another --out");
        Assert.Equal("Ann B-PER\n", File.ReadAllText(text));
    }
}
