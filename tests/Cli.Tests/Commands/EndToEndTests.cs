using System.Text;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary>From raw text to a pruned tagger, and that the commands agree with each other.</summary>
public sealed class EndToEndTests(TinyModels tiny)
{
    [Fact]
    public void LanguageModelEvaluatesToWhatItsTrainingReported()
    {
        var trained = tiny.LanguageModelRun.Json.AsArray();
        var evaluated = Ldnet.Run("lm", "eval", "--model", tiny.LanguageModels, "--data", tiny.ValidText, "--json").Json
            .AsArray();
        Assert.Equal(["forward", "backward"], evaluated.Select(report => report!["direction"]!.GetValue<string>()));
        foreach (var key in new[] { "perplexity", "tokens", "sentence_ends_counted", "unk_rate", "vocabulary" })
            Assert.Equal(trained.Select(report => Number(report!, key)),
                evaluated.Select(report => Number(report!, key)));
    }

    [Fact]
    public void PerplexityComesWithWhatIsNeededToCompareIt()
    {
        var lines = File.ReadAllLines(tiny.ValidText);
        var model = Path.Combine(tiny.LanguageModels, "backward");
        var report = Ldnet.Run("lm", "eval", "--model", model, "--data", tiny.ValidText, "--json").Json[0]!;
        var words = File.ReadAllLines(Path.Combine(model, "vocab", "words.txt"));
        var tokens = lines.SelectMany(line => line.Split(' ')).ToArray();
        Assert.Equal(words.Length, report["vocabulary"]!.GetValue<int>());
        Assert.Equal(lines.Length, report["sentence_ends_counted"]!.GetValue<int>());
        Assert.Equal(tokens.Length + lines.Length, report["tokens"]!.GetValue<int>());
        Assert.Equal(tokens.Except(words).Any(), report["unk_rate"]!.GetValue<double>() > 0);
        var table = Ldnet.Run("lm", "eval", "--model", tiny.LanguageModels, "--data", tiny.ValidText)
            .Succeeded().Output;
        foreach (var word in new[] { "perplexity", "vocabulary", "<unk> %", "tokens", "sentence ends" })
            Assert.Contains(word, table, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralSeedsGiveMeanAndDeviation()
    {
        var output = tiny.PathOf("seeds");
        string[] command = tiny.TaggerTraining(output, "--test", tiny.TestFile, "--seeds", "2", "--seed", "5");
        var report = Ldnet.Run([.. command, "--json"]).Json;
        var scores = report["seeds"]!.AsArray().Select(seed => Number(seed!, "test_f1")).ToArray();
        Assert.Equal([5, 6], report["seeds"]!.AsArray().Select(seed => seed!["seed"]!.GetValue<int>()));
        Assert.Equal(scores.Average(), report["test_f1_mean"]!.GetValue<double>(), 9);
        Assert.Equal(Math.Abs(scores[0] - scores[1]) / Math.Sqrt(2), report["test_f1_deviation"]!.GetValue<double>(),
            9);
        Assert.Equal(scores,
            new[] { "seed-5", "seed-6" }.Select(seed => F1(Path.Combine(output, seed), tiny.TestFile)));
        Assert.Contains("±", Ldnet.Run([.. command, "--resume"]).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("z", "4"), InlineData("l1", "20"), InlineData("group-lasso", "20")]
    public void EveryMethodPrunesToOneLayer(string method, string lambda)
    {
        var output = tiny.PathOf("pruned-" + method);
        string[] choices = ["--layers", "1", "--lambda0", lambda, "--method", method];
        var report = Ldnet.Run(tiny.Pruning(output, [.. choices, "--test", tiny.TestFile, "--json"])).Json;
        Assert.InRange(report["forward_z"]!.AsArray().Count + report["backward_z"]!.AsArray().Count, 0, 1);
        Assert.Equal(report["test_f1"]!.GetValue<double>(), F1(output, tiny.TestFile));
        var whole = Ldnet.Run("eval", "--model", tiny.Tagger, "--data", tiny.TestFile, "--json").Json;
        Assert.True(Number(report, "multiply_adds_per_word") < Number(whole, "multiply_adds_per_word"));
    }

    [Fact]
    public void ScoreOfTaggedTextIsTheEvaluation()
    {
        var tagged = Columns(Ldnet.Run("tag", "--model", tiny.Tagger, tiny.TestFile).Succeeded().Output);
        var gold = Columns(File.ReadAllText(tiny.TestFile));
        Assert.Equal(gold.Select(columns => columns[0]), tagged.Select(columns => columns[0]));
        var lines = gold.Zip(tagged, (g, t) => g[0].Length == 0 ? "\n" : $"{g[0]}\t{g[^1]}\t{t[1]}\n");
        var both = tiny.Write("scored.conll", string.Concat(lines));
        Assert.Equal(F1(tiny.Tagger, tiny.TestFile), Ldnet.Run("score", both, "--json").Json["f1"]!.GetValue<double>(),
            9);
    }

    [Fact]
    public void ExportWritesAnOnnxFileAndSaysWhichOperatorsItIsOf()
    {
        var file = Path.Combine(Directory.CreateDirectory(tiny.PathOf("exported")).FullName, "tagger.onnx");
        var report = Ldnet.Run("export", "onnx", "--model", tiny.Tagger, "--out", file, "--json").Json;
        Assert.Equal(17, report["opset"]!.GetValue<int>());
        Assert.Equal(new FileInfo(file).Length, report["bytes"]!.GetValue<long>());
        Assert.Contains("tags\u0012", Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void WhatIsImportedTagsAndIsExported()
    {
        string Golden(string name) => RepositoryRoot.Combine("tests", "Goldens", "torch", name);
        var (tagger, model) = (tiny.PathOf("imported-tagger"), tiny.PathOf("imported-lm"));
        var report = Ldnet.Run("import", "torch", Golden("tagger.older.th"), "--vocabulary", Golden("tagger_map.pk"),
            "--out", tagger, "--json").Json;
        Assert.Equal(("tagger", 9), (report["kind"]!.GetValue<string>(), report["words"]!.GetValue<int>()));
        var text = tiny.Write("imported.txt", "cd e hfc ??\nfedc\n");
        Assert.Equal(7, Ldnet.Run("tag", "--model", tagger, "--input", "text", text).Succeeded().Output.Count('\n'));
        Ldnet.Run("export", "onnx", "--model", tagger, "--out", tiny.PathOf("imported.onnx")).Succeeded();
        var words = Ldnet.Run("import", "torch", Golden("lm.zip.th"), "--vocabulary", Golden("lm_map.pk"),
            "--direction", "backward", "--projection-relu", "--out", model).Succeeded().Output;
        Assert.Contains("language model of", words, StringComparison.Ordinal);
        var evaluated = Ldnet.Run("lm", "eval", "--model", model, "--data", text, "--json").Json;
        Assert.Equal("backward", evaluated[0]!["direction"]!.GetValue<string>());
        Assert.Contains("\"projection_relu\": true", File.ReadAllText(Path.Combine(model, "config.json")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TaggingNeedsNoTagsAndReadsTextAsWell()
    {
        var sentences = Columns(File.ReadAllText(tiny.TestFile));
        var labelled = Ldnet.Run("tag", "--model", tiny.Tagger, tiny.TestFile).Succeeded().Output;
        var words = string.Concat(sentences.Select(columns => columns[0] + "\n"));
        string Tagged(string file) =>
            Ldnet.Run("tag", "--model", tiny.Tagger, "--input", "conll", file).Succeeded().Output;
        Assert.Equal(labelled, Tagged(tiny.Write("words.conll", words)));
        var strangers =
            string.Concat(sentences.Select(columns => columns[0].Length == 0 ? "\n" : columns[0] + "\tB-NEVERSEEN\n"));
        Assert.Equal(labelled, Tagged(tiny.Write("strangers.conll", strangers)));
        var text = words.Replace("\n\n", "|", StringComparison.Ordinal).Replace('\n', ' ').Replace('|', '\n');
        Assert.Equal(labelled, LdnetProcess.RunWithInput(text, "tag", "--model", tiny.Tagger, "--threads", "1").Output);
    }

    [Fact]
    public void LiveTaggingAnswersWhileTheInputIsOpen()
    {
        using var process = LdnetProcess.Start("tag", "--model", tiny.Tagger, "--live", "--format", "jsonl",
            "--threads", "1");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        foreach (var sentence in new[] { "She went to Rome .", "Yes ." })
        {
            process.StandardInput.WriteLine(sentence);
            process.StandardInput.Flush();
            var words = JsonNode.Parse(process.StandardOutput.ReadLine()!)!["words"]!.AsArray();
            Assert.Equal(sentence.Split(' '), words.Select(word => word!.GetValue<string>()));
        }
        process.StandardInput.Close();
        Assert.Null(process.StandardOutput.ReadLine());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void JsonLinesCarryConfidencesAndTheBestReadings()
    {
        var run = Ldnet.Run("tag", "--model", tiny.Tagger, "--format", "jsonl", "--confidence", "--nbest", "3",
            tiny.TestFile).Succeeded();
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToArray();
        Assert.Equal(16, lines.Length);
        foreach (var line in lines)
        {
            var words = line["words"]!.AsArray().Select(word => word!.GetValue<string>()).ToArray();
            Assert.Equal(words.Length, line["tags"]!.AsArray().Count);
            Assert.Equal(words.Length, line["confidence"]!.AsArray().Count);
            Assert.All(line["confidence"]!.AsArray(), value => Assert.InRange(value!.GetValue<double>(), 0, 1));
            foreach (var span in line["spans"]!.AsArray())
            {
                var (start, end) = ((int)Number(span!, "start"), (int)Number(span!, "end"));
                Assert.Equal(string.Join(' ', words[start..end]), span!["text"]!.GetValue<string>());
            }
            var readings = line["nbest"]!.AsArray();
            var probabilities = readings.Select(reading => Number(reading!, "probability")).ToArray();
            Assert.Equal(3, readings.Count);
            Assert.Equal(probabilities.OrderDescending(), probabilities);
            // True probabilities, over all sequences: three of very many do not add up to 1.
            Assert.InRange(probabilities.Sum(), 0, 0.999);
            Assert.Equal(line["tags"]!.ToJsonString(), readings[0]!["tags"]!.ToJsonString());
        }
    }

    [Fact]
    public void ColumnsCarryConfidencesToo()
    {
        var lines = Columns(Ldnet.Run("tag", "--model", tiny.NoLm, "--confidence", tiny.TestFile).Succeeded().Output);
        Assert.All(lines.Where(columns => columns[0].Length > 0), columns =>
            Assert.InRange(double.Parse(columns[2]), 0, 1));
    }

    [Fact]
    public void ASentenceIsTaggedTheSameWhereverItStands()
    {
        var words = Columns(File.ReadAllText(tiny.TestFile)).TakeWhile(columns => columns[0].Length > 0)
            .Select(columns => columns[0]);
        var sentence = string.Join(' ', words) + "\n";
        var others = File.ReadAllText(tiny.ValidText);
        var run = Ldnet.Run("tag", "--model", tiny.Tagger, "--input", "text", "--format", "jsonl", "--confidence",
            tiny.Write("twice.txt", sentence + others + sentence + sentence)).Succeeded();
        var tagged = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(File.ReadLines(tiny.ValidText).Count() + 3, tagged.Length);
        Assert.Equal(WithoutLine(tagged[0]), WithoutLine(tagged[^1]));
        Assert.Equal(WithoutLine(tagged[0]), WithoutLine(tagged[^2]));

        static string WithoutLine(string sentence) => sentence[sentence.IndexOf(',', StringComparison.Ordinal)..];
    }

    [Fact]
    public void SettingsReachTheModel()
    {
        var (output, config) =
            (tiny.PathOf("settings"), tiny.Write("settings.json", "{\"word_hidden\": 3, \"char_hidden\": 2}"));
        Ldnet.Run("tagger", "train", "--train", tiny.TrainFile, "--dev", tiny.DevFile, "--out", output, "--config",
            config, "--set", "char_hidden=4", "--set", "max_epochs=1").Succeeded();
        var options = JsonNode.Parse(File.ReadAllText(Path.Combine(output, "config.json")))!["options"]!;
        Assert.Equal((3, 4, 100),
            (Number(options, "word_hidden"), Number(options, "char_hidden"), Number(options, "word_embedding")));
    }

    [Fact]
    public void DevTextMayHoldTypesThatTrainingLacks()
    {
        var dev = tiny.Write("strange-dev.conll",
            File.ReadAllText(tiny.DevFile).Replace("-LOC", "-PLANET", StringComparison.Ordinal));
        Assert.Contains("-PLANET", File.ReadAllText(dev), StringComparison.Ordinal);
        Ldnet.Run(tiny.TaggerTraining(tiny.PathOf("strange"), "--dev", dev, "--set", "max_epochs=1")).Failed(2);
        var command = tiny.TaggerTraining(tiny.PathOf("strange"), "--set", "max_epochs=1");
        Ldnet.Run([.. command.Select(word => word == tiny.DevFile ? dev : word)]).Succeeded();
        var report = Ldnet.Run("eval", "--model", tiny.Tagger, "--data", dev, "--json").Json["types"]!["PLANET"]!;
        Assert.Equal(0, report["recall"]!.GetValue<double>());
        Assert.True(report["gold"]!.GetValue<int>() > 0);
    }

    [Theory]
    [InlineData("data", "check")]
    [InlineData("tags", "convert", "--to", "iob2")]
    [InlineData("data", "split", "--out", "OUT", "--by", "sentence")]
    public void FileToolsGiveJson(params string[] command)
    {
        var arguments = command.Select(word => word == "OUT" ? tiny.PathOf("split") : word);
        Assert.IsType<JsonObject>(Ldnet.Run([.. arguments, tiny.TrainFile, "--json"]).Json);
    }

    [Theory]
    [InlineData("devices")]
    [InlineData("flops")]
    [InlineData("config", "list")]
    [InlineData("config", "show", "prune")]
    public void CommandsWithoutFilesGiveJson(params string[] command) =>
        Assert.IsType<JsonObject>(Ldnet.Run([.. command, "--json"]).Json);

    static double F1(string model, string file) =>
        Number(Ldnet.Run("eval", "--model", model, "--data", file, "--json").Json, "f1");

    static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();

    /// <summary>Columns of each line; one empty column for the lines between sentences.</summary>
    static string[][] Columns(string text) =>
        [.. text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r').Split('\t', ' '))];
}
