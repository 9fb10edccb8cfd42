using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Tests.Commands;

/// <summary>Files as others write them: read as they are meant, or refused in words that help.</summary>
public sealed class OtherPeoplesFilesTests(TinyModels tiny)
{
    const string Labelled =
        "Ann\tB-PER\nlives\tO\nin\tO\nOslo\tB-LOC\n.\tO\n\nBob\tB-PER\nSmith\tI-PER\nleft\tO\n\nThe\tO\nBank\tB-ORG\n"
        + "of\tI-ORG\nRome\tI-ORG\nclosed\tO\n.\tO\n";

    static readonly string[] Small =
    [
        "--set", "char_embedding=3", "--set", "char_hidden=3", "--set", "word_embedding=4", "--set", "word_hidden=4",
        "--set", "word_threshold=0", "--set", "max_epochs=1",
    ];

    static int names;

    string File(string text) => tiny.Write($"{NextName()}.txt", text);

    static string NextName() => $"others-{Interlocked.Increment(ref names)}";

    Ldnet Train(string file, string output, params string[] more) => Ldnet.Run(
        ["tagger", "train", "--train", file, "--dev", file, "--out", output, .. Small, .. more]);

    string Trained(string text, params string[] more)
    {
        var output = tiny.PathOf(NextName());
        Train(File(text), output, more).Succeeded();
        return output;
    }

    static string[] Vocabulary(string model, string name) =>
        System.IO.File.ReadAllLines(Path.Combine(model, "vocab", name + ".txt"));

    static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    [Theory]
    [InlineData("Ann U-PER\nran O\nBob B-PER\nD I-PER\nSmith L-PER\n")]
    [InlineData("Ann S-PER\nran O\nBob B-PER\nD M-PER\nSmith E-PER\n")]
    [InlineData("Ann W-PER\nran O\nBob B-PER\nD M-PER\nSmith E-PER\n")]
    [InlineData("Ann B-PER\nran O\nBob B-PER\nD I-PER\nSmith I-PER\n")]
    public void EverySchemeIsReadAlike(string text)
    {
        var file = File(text);
        Assert.Equal("Ann B-PER\nran O\nBob B-PER\nD I-PER\nSmith I-PER\n",
            Ldnet.Run("tags", "convert", "--to", "iob2", file).Succeeded().Output);
        var report = Ldnet.Run("data", "check", file, "--json").Json;
        Assert.Empty(report["defects"]!.AsArray());
        Assert.Equal(2, report["spans"]!["PER"]!.GetValue<int>());
        Assert.Equal(["O", "B-PER", "E-PER", "I-PER", "S-PER", "<s>", "<eof>"], Vocabulary(Trained(text), "tags"));
    }

    [Fact]
    public void TagsWithoutATypeAreTrainedOnScoredAndConverted()
    {
        const string text = "Ann B\nLee I\nran O\n";
        var model = Trained(text, "--set", "constraints=scheme");
        Assert.Equal(["O", "B", "E", "I", "S", "<s>", "<eof>"], Vocabulary(model, "tags"));
        Assert.Equal(1, Ldnet.Run("eval", "--model", model, "--data", File(text), "--json")
            .Json["types"]![""]!["gold"]!.GetValue<int>());
        Assert.Equal("Ann B\nLee L\nran O\n",
            Ldnet.Run("tags", "convert", "--to", "bilou", File(text)).Succeeded().Output);
        var score = Ldnet.Run("score", File("a B B\nb I I\n"), "--json").Json;
        Assert.Equal(100, score["f1"]!.GetValue<double>());
    }

    [Fact]
    public void AdjacentSpansOfBilouAreScored()
    {
        var run = Ldnet.Run("score", File("a U-PER B-PER\nb U-PER L-PER\n")).Succeeded();
        Assert.StartsWith("processed 2 tokens with 2 phrases; found: 1 phrases; correct: 0.", run.Output,
            StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Assert.Contains("2 tags are of no scheme, the first X-PER in line 1",
            Ldnet.Run("score", File("a X-PER O\nb X-PER O\n")).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoreTakesConllevalsOptions()
    {
        var tabs = File("a b\tB-A\tB-A\n");
        Assert.StartsWith("processed 1 tokens with 1 phrases", Ldnet.Run("score", "-d", "\\t", tabs).Succeeded().Output,
            StringComparison.Ordinal);
        var raw = Ldnet.Run("score", "-r", "-o", "N", File("a PER PER\nb N LOC\n"), "--json").Json;
        Assert.Equal((1, 1), (raw["types"]!["PER"]!["correct"]!.GetValue<int>(),
            raw["types"]!["LOC"]!["predicted"]!.GetValue<int>()));
        Ldnet.Run("score", "-d", "ab", tabs).Failed(2, "--delimiter 'ab'");
    }

    [Fact]
    public void ConversionChangesTagsAlone() => Assert.Equal("\uFEFFAnn   NNP  S-PER\r\nran   VBD  O\r\n",
        Ldnet.Run("tags", "convert", "--to", "iobes", File("\uFEFFAnn   NNP  B-PER\r\nran   VBD  O\r\n"))
            .Succeeded().Output);

    [Fact]
    public void BytesOfAConvertedFileReachStandardOutput()
    {
        var run = LdnetProcess.RunWithInput("é\tB-X\r\n", "tags", "convert", "--to", "bmewo");
        Assert.Equal("é\tW-X\r\n", run.Output);
    }

    [Fact]
    public void BordersThatIoLosesAreSaid()
    {
        var run = Ldnet.Run("tags", "convert", "--to", "io", File("a B-X\nb B-X\nc O\n")).Succeeded();
        Assert.Equal("a I-X\nb I-X\nc O\n", run.Output);
        Assert.Contains("1 borders", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MarkInTheMiddleIsNoWord()
    {
        var report = Ldnet.Run("data", "check", "--json", File(
            "\uFEFF-DOCSTART- -X- O O\n\nAnn NNP B-NP B-PER\nran VBD O O\n\n\uFEFF-DOCSTART- -X- O O\n\n"
            + "Ann NNP B-NP B-PER\nran VBD O O\n")).Json;
        Assert.Equal((4, 2), (report["words"]!.GetValue<int>(), report["documents"]!.GetValue<int>()));
        Assert.Equal("byte order mark inside the file", report["defects"]![0]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public void OldMacFileIsReadWhole()
    {
        const string text = "Ann B-PER\rran O\r\rOslo B-LOC\r";
        var report = Ldnet.Run("data", "check", "--json", File(text)).Json;
        Assert.Equal((3, 2), (report["words"]!.GetValue<int>(), report["sentences"]!.GetValue<int>()));
        Assert.Equal(["<unk>", "ann", "oslo", "ran"], Vocabulary(Trained(text), "words"));
    }

    [Fact]
    public void CommentsArePassedOver()
    {
        var commented = File("# id = 1\nAnn\tB-PER\n#win\tO\n\n# id = 2\nBob\tB-PER\n");
        var report = Ldnet.Run("data", "check", "--json", commented).Json;
        Assert.Equal((3, 2), (report["words"]!.GetValue<int>(), report["comments"]!.GetValue<int>()));
        var conllu = File("# sent_id = 1\n1\tAnn\tAnn\tPROPN\tNNP\t_\t2\tnsubj\t_\tB-PER\n"
            + "2-3\tdoesnt\t_\t_\t_\t_\t_\t_\t_\t_\n2\tdoes\tdo\tAUX\tVBZ\t_\t4\taux\t_\tO\n"
            + "3\tnt\tnot\tPART\tRB\t_\t4\tadvmod\t_\tO\n");
        report = Ldnet.Run("data", "check", "--json", conllu).Json;
        Assert.Equal((3, 4), (report["words"]!.GetValue<int>(), report["longest_word"]!["length"]!.GetValue<int>()));
        Assert.Empty(report["defects"]!.AsArray());
    }

    [Fact]
    public void RowNumbersAreADefectAndColumnsCanBeNamed()
    {
        var file = File("1\tAnn\tB-PER\n2\tlives\tO\n\n1\tOslo\tB-LOC\n2\tsleeps\tO\n");
        Assert.Contains("row numbers as words", Ldnet.Run("data", "check", file).Succeeded().Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("row numbers", Ldnet.Run("data", "check", "--word-column", "2", file).Succeeded().Output,
            StringComparison.Ordinal);
        Train(file, tiny.PathOf("rows")).Failed(1, "counts the rows", "--word-column");
        var model = tiny.PathOf("rows-named");
        Train(file, model, "--word-column", "2").Succeeded();
        Assert.Equal(["<unk>", "ann", "lives", "oslo", "sleeps"], Vocabulary(model, "words"));
        var tagged = Ldnet.Run("tag", "--model", model, "--input", "conll", file);
        Assert.Equal(1, tagged.ExitCode);
        Assert.Contains("--word-column", tagged.Error, StringComparison.Ordinal);
        Ldnet.Run("data", "check", "--word-column", "0", file).Failed(2, "--word-column 0", "counted from 1");
    }

    [Fact]
    public void ColumnsOfEveryKindCanBeNamed()
    {
        var file = File("% a comment\nB-PER;x;Ann\nO;x;ran\n");
        string[] columns = ["--word-column", "-1", "--tag-column", "1", "--separator", ";", "--comment", "%"];
        var model = tiny.PathOf("columns");
        Train(file, model, columns).Succeeded();
        Assert.Equal(["<unk>", "ann", "ran"], Vocabulary(model, "words"));
        Ldnet.Run(["eval", "--model", model, "--data", file, .. columns]).Succeeded();
        Assert.Equal("% a comment\nS-PER;x;Ann\nO;x;ran\n",
            Ldnet.Run(["tags", "convert", "--to", "iobes", file, .. columns]).Succeeded().Output);
        Assert.Equal(2, Ldnet.Run(["data", "check", file, .. columns, "--json"]).Json["words"]!.GetValue<int>());
    }

    [Fact]
    public void CasedVectorsAreFoundAndReportedAlike()
    {
        var vectors = File("3 4\nOslo 1 1.25 1.5 1.75 \nlives 2 2.25 2.5 2.75 \nBank 3 3.25 3.5 3.75 \n");
        const string coverage = "3 of 14 words (21.4 %), 3 of 13 different words (23.1 %)";
        var check = Ldnet.Run("data", "check", File(Labelled), "--embeddings", vectors).Succeeded();
        Assert.Contains(coverage, check.Output, StringComparison.Ordinal);
        var model = tiny.PathOf("cased");
        var run = Train(File(Labelled), model, "--embeddings", vectors, "--set", "learning_rate=0").Succeeded();
        Assert.Single(Regex.Matches(run.Error, Regex.Escape(coverage)));
        using var loaded = TaggerFolder.Load(new CpuBackend<float>(new CpuDevice(1)), model);
        var weights = loaded.Tagger.WordEmbedding.Weight.ToArray();
        foreach (var (word, first) in new[] { ("oslo", 1f), ("lives", 2f), ("bank", 3f) })
            Assert.Equal([first, first + 0.25f, first + 0.5f, first + 0.75f],
                weights.AsSpan(4 * loaded.Vocabularies.Words.Id(word), 4).ToArray());
        Assert.Equal(14, loaded.Vocabularies.Words.Count);
    }

    [Fact]
    public void LowercaseAndSchemeTakeEffect()
    {
        var model = Trained("ann\tO\nAnn\tB-PER\n\nBOB\tB-PER\nbob\tO\n", "--set", "lowercase=false", "--set",
            "scheme=iob2");
        Assert.Equal(["<unk>", "Ann", "BOB", "ann", "bob"], Vocabulary(model, "words"));
        Assert.Equal(["O", "B-PER", "I-PER", "<s>", "<eof>"], Vocabulary(model, "tags"));
        Ldnet.Run("eval", "--model", model, "--data", File("Ann S-PER\nran O\n")).Succeeded();
        // The folder says how words are looked up: BoB is bob, for want of its own.
        using var loaded = TaggerFolder.Load(new CpuBackend<float>(new CpuDevice(1)), model);
        Assert.Equal([3, 1, 2, 4, 0],
            loaded.Vocabularies.Encode(new(["ann", "Ann", "BOB", "BoB", "Carl"], null, 1, 0)).Words);
    }

    [Theory]
    [InlineData("My blood group is O\n", 5)]
    [InlineData("Crash closes I-95\nTake the S-Bahn\n", 6)]
    public void NoWordOfATextIsLost(string text, int words)
    {
        var run = Ldnet.Run("tag", "--model", tiny.Tagger, File(text)).Succeeded();
        Assert.Equal(words, Lines(run.Output).Count(line => line.Length > 0));
        Assert.Contains("taken as text", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasTakenIsSaidWhereNobodySaidIt()
    {
        Assert.Contains("taken as text", Ldnet.Run("tag", "--model", tiny.Tagger, File("Ann NNP\nlives VBZ\n")).Error,
            StringComparison.Ordinal);
        Assert.Contains("taken as CoNLL columns", Ldnet.Run("tag", "--model", tiny.Tagger, File("Ann\tNNP\n")).Error,
            StringComparison.Ordinal);
        var file = File("Ann NNP\nlives VBZ\n");
        foreach (var (input, words) in new[] { ("conll", 2), ("text", 4), ("raw", 4) })
        {
            var run = Ldnet.Run("tag", "--model", tiny.Tagger, "--input", input, file).Succeeded();
            Assert.DoesNotContain("taken as", run.Error, StringComparison.Ordinal);
            Assert.Equal(words, Lines(run.Output).Count(line => line.Length > 0));
        }
    }

    [Fact]
    public void RawTextIsCutIntoWords()
    {
        var run = Ldnet.Run("tag", "--model", tiny.Tagger, "--input", "raw", "--format", "jsonl",
            File("Ann's here. She left.\n\nYes!\n")).Succeeded();
        Assert.Equal(["1 Ann 's here .", "1 She left .", "3 Yes !"], Lines(run.Output).Select(line =>
            $"{JsonNode.Parse(line)!["line"]} {string.Join(' ', JsonNode.Parse(line)!["words"]!.AsArray())}"));
    }

    [Fact]
    public void LinesOfATextAreFoundAgain()
    {
        var file = File("Ann lives\n\nBob\n");
        var json = Ldnet.Run("tag", "--model", tiny.Tagger, "--format", "jsonl", "--confidence", "--nbest", "2", file)
            .Succeeded().Output;
        Assert.Equal([1, 2, 3], Lines(json).Select(line => JsonNode.Parse(line)!["line"]!.GetValue<int>()));
        Assert.Equal([2, 0, 1], Lines(json).Select(line => JsonNode.Parse(line)!["words"]!.AsArray().Count));
        var columns = Ldnet.Run("tag", "--model", tiny.Tagger, file).Succeeded().Output;
        Assert.Matches("^Ann\t[^\n]+\nlives\t[^\n]+\n\n\nBob\t[^\n]+\n\n$", columns);
    }

    [Fact]
    public void EveryLineOfColumnsHasItsOwn()
    {
        string[] text = ["-DOCSTART- -X- O", "", "# id = 1", "Ann NNP B-PER", "ran VBD O", "", " ", "Bob NNP B-PER",
            "-DOCSTART- -X- O", "", "a DT O"];
        var file = File(string.Join('\n', text));
        var lines = Lines(Ldnet.Run("tag", "--model", tiny.Tagger, "--input", "conll", file).Succeeded().Output);
        Assert.Equal(text.Select(line => line.Split(' ')[0]), lines.Select(line => line.Split('\t', ' ')[0]));
        Assert.Equal("# id = 1", lines[2]);
        var kept = Lines(Ldnet.Run("tag", "--model", tiny.Tagger, "--keep-columns", file).Succeeded().Output);
        Assert.Equal(text.Length, kept.Length);
        foreach (var (i, line) in text.Index())
            if (line.Trim().Length == 0 || line[0] == '#') Assert.Equal(line, kept[i]);
            else Assert.Matches($"^{Regex.Escape(line)} (O|[BI]-[A-Z]+)$", kept[i]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-DOCSTART-\tO\n\n")]
    [InlineData("-DOCSTART- O\n\n")]
    [InlineData("-DOCSTART-\n\n")]
    public void KeptColumnsAreScored(string begin)
    {
        var file = File(begin + System.IO.File.ReadAllText(tiny.TestFile));
        var eval = Ldnet.Run("eval", "--model", tiny.Tagger, "--data", file, "--json").Json;
        var kept = Ldnet.Run("tag", "--model", tiny.Tagger, "--keep-columns", file).Succeeded().Output;
        var score = Ldnet.Run("score", File(kept), "--json").Json;
        var words = Lines(kept).Count(line => line.Split('\t').Length == 3);
        Assert.Equal(words, score["tokens"]!.GetValue<int>());
        Assert.Equal(eval["f1"]!.GetValue<double>(), score["f1"]!.GetValue<double>(), 9);
        var sure = Ldnet.Run("tag", "--model", tiny.Tagger, "--keep-columns", "--confidence", file).Succeeded();
        foreach (var columns in new[] { new[] { "--gold-column", "-3", "--predicted-column", "-2" }, [] })
            Assert.Equal(score.ToJsonString(), Ldnet.Run(["score", File(sure.Output), "--json", .. columns])
                .Json.ToJsonString());
        Ldnet.Run("tag", "--model", tiny.Tagger, "--keep-columns", "--format", "jsonl", tiny.TestFile)
            .Failed(2, "--keep-columns", "--format conll");
    }

    [Theory]
    [InlineData("--nbest", "2")]
    [InlineData("--nbest", "3", "--confidence")]
    [InlineData("--confidence")]
    [InlineData("--keep-columns")]
    [InlineData("--keep-columns", "--confidence")]
    [InlineData("--keep-columns", "--nbest", "2")]
    public void WhatTagWritesIsRead(params string[] options)
    {
        var output = Ldnet.Run(["tag", "--model", tiny.Tagger, "--input", "conll", tiny.TestFile, .. options])
            .Succeeded().Output;
        var report = Ldnet.Run("data", "check", File(output), "--json").Json;
        Assert.Equal("conll", report["format"]!.GetValue<string>());
        var times = options.Contains("2") ? 2 : options.Contains("3") ? 3 : 1;
        Assert.Equal(16 * times, report["sentences"]!.GetValue<int>());
        Assert.Equal(times > 1 ? 2 * 16 * times : 0, report["comments"]!.GetValue<int>());
        foreach (var command in new[] { "tag --model MODEL FILE", "tags convert --to iobes FILE",
            "eval --model MODEL --data FILE", "score FILE" })
        {
            if (command.StartsWith("score", StringComparison.Ordinal) && !options.Contains("--keep-columns")) continue;
            var file = File(output);
            var run = Ldnet.Run([.. command.Split(' ').Select(word =>
                word switch { "FILE" => file, "MODEL" => tiny.Tagger, _ => word })]).Succeeded();
            Assert.DoesNotContain("no scheme", run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>With an empty node and a token of several words, whose tenth column says something.</summary>
    const string ConllU = "# sent_id = 1\n"
        + "1\tAnn\tAnn\tPROPN\tNNP\t_\t2\tnsubj\t_\tB-PER\n"
        + "2-3\tdoesnt\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n"
        + "2\tdoes\tdo\tAUX\tVBZ\t_\t4\taux\t_\tO\n"
        + "2.1\t_\t_\tVERB\t_\t_\t_\t_\t4:conj\tCopyOf=2\n"
        + "3\tnt\tnot\tPART\tRB\t_\t4\tadvmod\t_\tO\n"
        + "4\tlive\tlive\tVERB\tVB\t_\t0\troot\t_\tO\n"
        + "5\tin\tin\tADP\tIN\t_\t6\tcase\t_\tO\n"
        + "6\tOslo\tOslo\tPROPN\tNNP\t_\t4\tobl\t_\tB-LOC\n\n";

    [Theory, InlineData(1), InlineData(2)]
    public void ConllUWithColumnsAddedIsConllU(int columns)
    {
        string[] confidence = columns == 2 ? ["--confidence"] : [];
        var kept = File(Ldnet.Run(["tag", "--model", tiny.Tagger, "--keep-columns", .. confidence, File(ConllU)])
            .Succeeded().Output);
        var report = Ldnet.Run("data", "check", kept, "--json").Json;
        Assert.Equal(("conll", 6, 2), (report["format"]!.GetValue<string>(), report["words"]!.GetValue<int>(),
            report["other_lines"]!.GetValue<int>()));
        Assert.Equal(10 + columns, report["columns"]!.GetValue<int>());
        Assert.All(report["defects"]!.AsArray(), defect =>
            Assert.Equal("no spans", defect!["kind"]!.GetValue<string>()));
        var score = Ldnet.Run("score", kept, "--json").Json;
        Assert.Equal((6, 1, 1), (score["tokens"]!.GetValue<int>(), score["types"]!["PER"]!["gold"]!.GetValue<int>(),
            score["types"]!["LOC"]!["gold"]!.GetValue<int>()));
        Assert.DoesNotContain(score["types"]!.AsObject(), type => type.Key is not ("PER" or "LOC" or "ORG"));
        Ldnet.Run("eval", "--model", tiny.Tagger, "--data", kept).Succeeded();
        Ldnet.Run("tags", "convert", "--to", "iobes", kept).Succeeded();
        var again = Ldnet.Run("tag", "--model", tiny.Tagger, kept).Succeeded();
        Assert.Equal(["Ann", "does", "nt", "live", "in", "Oslo"], Lines(again.Output).Where(line => line is not ("" or
            "# sent_id = 1")).Select(line => line.Split('\t')[0]));
    }

    /// <summary>Ids of fewer than ten columns: what the tagger wrote for no word is no tag.</summary>
    [Fact]
    public void LinesOfNoWordAreNotScored()
    {
        var score = Ldnet.Run("score", File("1-2\tdont\tx=1\t_\n1\tdo\tB-X\tB-X\n2\tnt\tO\tO\n"), "--json").Json;
        Assert.Equal((2, 100.0), (score["tokens"]!.GetValue<int>(), score["f1"]!.GetValue<double>()));
        // A word like another where tags are bare types and _ one of them.
        var raw = Ldnet.Run("score", "-r", "-o", "_", File("1-2 _ _\nx Q Q\n"), "--json").Json;
        Assert.Equal(2, raw["tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("1\tAnn\tB-PER\n2\truns\tO\n\n3\tBob\tB-PER\n4\tran\tO\n")]
    [InlineData("0\tAnn\tB-PER\n1\truns\tO\n\n0\tBob\tB-PER\n1\tran\tO\n")]
    [InlineData("1\tAnn\tB-PER\n2\truns\tO\n\n4\tBob\tB-PER\n5\tran\tO\n")]
    [InlineData("1\tAnn\tB-PER\n1.1\t_\t_\n2\truns\tO\n\n1\tBob\tB-PER\n2\tran\tO\n")]
    public void RowNumbersOfEveryKindAreNamed(string text)
    {
        var file = File(text);
        Assert.Contains("row numbers as words", Ldnet.Run("data", "check", file).Succeeded().Output,
            StringComparison.Ordinal);
        Train(file, tiny.PathOf(NextName())).Failed(1, "counts the rows", "--word-column");
        Assert.Contains("counts the rows", Ldnet.Run("tag", "--model", tiny.Tagger, file).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsOfColumnsMeanColumns()
    {
        var file = File("Ann lives\nBob left\n");
        foreach (var option in new[] { "--word-column 2", "--separator ,", "--comment %", "--keep-columns" })
        {
            var name = option.Split(' ')[0];
            var tagged = Ldnet.Run(["tag", "--model", tiny.Tagger, .. option.Split(' '),
                File(option.Contains(',') ? "Ann,lives\n" : "Ann lives\n")]).Succeeded();
            Assert.Contains($"taken as CoNLL columns, a word a line, because {name} was given", tagged.Error,
                StringComparison.Ordinal);
            Assert.Single(Lines(tagged.Output), line => line.Length > 0);
            foreach (var input in new[] { "text", "raw" })
                Ldnet.Run(["tag", "--model", tiny.Tagger, "--input", input, .. option.Split(' '), file])
                    .Failed(2, name, "--input conll");
            if (name != "--keep-columns")
                Ldnet.Run(["data", "check", "--format", "text", .. option.Split(' '), file])
                    .Failed(2, name, "--format conll");
        }
        Assert.StartsWith("lives\t", Ldnet.Run("tag", "--model", tiny.Tagger, "--word-column", "2", file)
            .Succeeded().Output, StringComparison.Ordinal);
    }

    static readonly string[] Readers =
    [
        "tagger train --train FILE --dev DEV --out OUT",
        "tagger train --train FILE --dev DEV --out OUT --lenient --set max_epochs=1 --set word_hidden=3",
        "prune --model TAGGER --train FILE --dev DEV --out OUT", "eval --model TAGGER --data FILE",
        "tags convert --to iob2 FILE", "score FILE", "data split --out OUT FILE", "data check --format conll FILE",
        "tag --model TAGGER --input conll FILE",
    ];

    /// <summary>What a command says can be done, it can do: FILE is the file that it cannot read.</summary>
    [Theory]
    [InlineData("Ann\tB-PER\nran O\nOslo\tB-LOC\n", "--separator", 9)]
    [InlineData("Ann I-PER\nran O\nBob B-PER\nSmith I-LOC\n", "--tag-scheme", 5)]
    [InlineData("Ann\tB-PER\t\nran\tO\t\n", "--tag-column", 7)]
    [InlineData("Ann\nran\n", "--tag-column", 8)]
    public void MessagesNameOnlyOptionsThatThereAre(string text, string named, int refusals)
    {
        var refused = 0;
        foreach (var command in Readers)
        {
            var file = File(text);
            string[] arguments = [.. command.Split(' ').Select(word => word switch
            {
                "FILE" => file,
                "DEV" => tiny.DevFile,
                "TAGGER" => tiny.Tagger,
                "OUT" => tiny.PathOf(NextName()),
                _ => word,
            })];
            var run = Ldnet.Run(arguments);
            if (run.ExitCode == 0) continue;
            refused++;
            run.Failed(1);
            var help = Ldnet.Run([.. arguments.TakeWhile(word => word[0] != '-' && word != file), "--help"]).Output;
            var advised = Regex.Matches(run.Error, "--[a-z][a-z-]*").Select(match => match.Value).ToArray();
            Assert.All(advised, option => Assert.Contains(option, help, StringComparison.Ordinal));
            if (arguments.Contains("--lenient")) Assert.DoesNotContain("--lenient", advised);
            if (command.StartsWith("tagger", StringComparison.Ordinal)) Assert.Contains(named, advised);
        }
        Assert.Equal(refusals, refused);
    }

    [Fact]
    public void SchemeOfAFileCanBeNamed()
    {
        var file = File("Ann I-PER\nran O\nBob B-PER\nSmith I-LOC\n");
        Train(file, tiny.PathOf("scheme"), "--tag-scheme", "iob2")
            .Failed(1, "IOB2, as named", "--lenient", "--tag-scheme");
        Train(file, tiny.PathOf("scheme"), "--lenient").Succeeded();
    }
}
