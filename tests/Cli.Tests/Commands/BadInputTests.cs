using System.Security.Cryptography;
using System.Text;

namespace LdNetGpu.Tests.Commands;

/// <summary>
/// Every command refuses what it cannot use: exit 1, one message with file and place, nothing half-written.
/// </summary>
public sealed class BadInputTests(TinyModels tiny)
{
    const string Valid = "Anna B-PER\nsleeps O\n\n";

    /// <summary>
    /// Commands by what they read: FILE is where the bad file goes, OUT a folder that must not come to hold a model.
    /// </summary>
    public static TheoryData<string> LabelledReaders =>
    [
        "tagger train --train FILE --dev DEV --out OUT",
        "tagger train --train TRAIN --dev FILE --out OUT",
        "tagger train --train TRAIN --dev DEV --test FILE --out OUT",
        "tagger train --train FILE --folds 3 --by sentence --out OUT",
        "tagger train --train TRAIN --dev FILE --folds 3 --by sentence --out OUT",
        "prune --model TAGGER --train FILE --dev DEV --out OUT",
        "prune --model TAGGER --train TRAIN --dev FILE --out OUT",
        "eval --model TAGGER --data FILE",
        "calibrate --model TAGGER --data FILE",
        "tags convert --to iobes FILE",
        "data split --out OUT FILE",
        "score FILE",
    ];

    public static TheoryData<string> TextReaders =>
    [
        "lm train --train FILE --valid VALID --out OUT",
        "lm train --train TEXT --valid FILE --out OUT",
        "lm eval --model LM --data FILE",
        "lm eval --model LM --data FILE --bands 10 --rare 5",
    ];

    public static TheoryData<string> OtherReaders =>
    [
        "tag --model TAGGER FILE",
        "data check FILE",
        "data check TRAIN --vocabulary FILE",
        "data check TRAIN --embeddings FILE",
        "tagger train --train TRAIN --dev DEV --embeddings FILE --out OUT",
        "tagger train --train TRAIN --dev DEV --sweep FILE --out OUT",
        "config show lm --config FILE",
        "import torch FILE --vocabulary TAGGERMAP --out OUT",
        "import torch TAGGERTH --vocabulary FILE --out OUT",
    ];

    [Theory, MemberData(nameof(LabelledReaders)), MemberData(nameof(TextReaders)), MemberData(nameof(OtherReaders))]
    public void MissingFileAndFolder(string command)
    {
        Refused(command, tiny.PathOf("no-such-file"), "no-such-file");
        if (command.StartsWith("lm train --train FILE", StringComparison.Ordinal)) return;
        var folder = Directory.CreateDirectory(tiny.PathOf("a-folder")).FullName;
        Refused(command, folder, "a-folder");
    }

    [Theory, MemberData(nameof(LabelledReaders)), MemberData(nameof(
        TextReaders)), InlineData("tag --model TAGGER FILE")]
    public void EmptyFile(string command)
    {
        Refused(command, tiny.Write("empty", ""), "empty");
        Refused(command, tiny.Write("blank", "\n \n\n"), "blank");
    }

    [Theory, MemberData(nameof(LabelledReaders)), MemberData(nameof(TextReaders)), MemberData(nameof(OtherReaders))]
    public void BinaryFile(string command)
    {
        var bytes = new byte[256];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i * 37);
        Refused(command, tiny.Write("binary", bytes), "binary");
    }

    [Theory, MemberData(nameof(LabelledReaders)), MemberData(nameof(TextReaders))]
    public void BrokenUtf8(string command)
    {
        var file = tiny.Write("latin1", [.. Encoding.UTF8.GetBytes(Valid + "caf"), 0xE9, .. " O\n"u8]);
        Refused(command, file, "latin1", "line 4, byte 4", "UTF-8");
    }

    [Theory, MemberData(nameof(LabelledReaders)), MemberData(nameof(TextReaders))]
    public void GzipThatBreaksOff(string command)
    {
        var whole = Data.TestFiles.Gzip(string.Concat(Enumerable.Repeat(Valid, 500)));
        Refused(command, tiny.Write("torn.gz", whole[..(whole.Length / 2)]), "torn.gz", "gzip");
    }

    [Theory, MemberData(nameof(LabelledReaders))]
    public void RaggedColumns(string command) =>
        Refused(command, tiny.Write("ragged", Valid + "two words O\n"), "ragged", "line 4");

    [Theory]
    [InlineData("tagger train --train FILE --dev DEV --out OUT")]
    [InlineData("eval --model TAGGER --data FILE")]
    [InlineData("tags convert --to iobes FILE")]
    public void TagThatBreaksItsScheme(string command) =>
        Refused(command, tiny.Write("broken", "a O\nb S-PER\nc E-PER\n"), "broken", "line 3", "E-PER");

    [Fact]
    public void PruningOnTypesThatTheTaggerLacks() => Refused("prune --model TAGGER --train FILE --dev DEV --out OUT",
        tiny.Write("planets", "the O\nMars B-PLANET\n\n"), "planets", "line 2", "PLANET", "LOC, ORG, PER");

    [Theory]
    [InlineData("eval --model LM/forward --data TEST", "language_model", "tagger is needed")]
    [InlineData("tag --model LM/forward TEST", "language_model", "tagger is needed")]
    [InlineData("eval --model LM --data TEST", "not a checkpoint folder")]
    [InlineData("tag --model NOWHERE TEST", "NOWHERE", "not a checkpoint folder")]
    [InlineData("lm eval --model TAGGER --data VALID", "tagger", "language_model is needed")]
    [InlineData("lm eval --model NOWHERE --data VALID", "NOWHERE", "no language model")]
    [InlineData("export onnx --model LM/forward --out OUT.onnx", "language_model", "tagger is needed")]
    [InlineData("export onnx --model NOWHERE --out OUT.onnx", "NOWHERE", "not a checkpoint folder")]
    [InlineData("export onnx --model TAGGER --out OUT/below/p.onnx", "--out", "there is no folder", "Make it first")]
    [InlineData("export onnx --model TAGGER --out TEST/below", "there is no folder")]
    [InlineData("export onnx --model TAGGER --out TEST", "is there already", "another --out")]
    [InlineData("import torch LMTH --vocabulary LMMAP --out OUT", "forward or backward", "--direction forward")]
    [InlineData("import torch TAGGERTH --vocabulary TAGGERMAP --out TAGGER", "already holds a model", "another --out")]
    [InlineData("import torch TAGGERTH --vocabulary LMMAP --out OUT", "lm_map.pk", "y_map")]
    [InlineData("prune --model LM/forward --train TRAIN --dev DEV --out OUT", "tagger is needed")]
    [InlineData("prune --model NOLM --train TRAIN --dev DEV --out OUT", "NoLM")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out OUT --layers 99", "layers: 99", "have 6 together")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out OUT --lambda0 0 --layers 1 --set max_epochs=1 "
        + "--set min_epochs=1",
        "came down to 1 layers", "--resume with --set max_epochs", "--lambda0")]
    [InlineData("data split --out TEST TRAIN", "TEST", "is a file, where a folder")]
    [InlineData("data split --out TAGGER TRAIN", "already holds a model")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out TAGGER", "already holds a model", "--resume")]
    [InlineData("tagger train --train TRAIN --dev DEV --out TAGGER", "already holds a model", "--resume")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --lm TAGGER", "forward")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --lm LM/forward", "forward")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --init LM/forward", "tagger is needed")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --init NOWHERE", "NOWHERE", "not a checkpoint folder")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --init TAGGER --set unit=gru --set word_hidden=9",
        "unit=gru: the tagger in", "unit=lstm", "word_hidden=9", "Leave it out")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --set label_weights=O=0.5,PLANET=2", "'PLANET'",
        "O, LOC, ORG, PER")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --set label_weights=O", "label_weights: 'O'")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --set label_weights=O=-1", "label_weights: 'O=-1'")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --set label_weights=O=1e30", "label_weights: 'O=1e30'",
        "from 0 to 1000000")]
    [InlineData("tagger train --train TRAIN --folds 3 --out OUT", "1 document is too few", "3 folds", "--by sentence")]
    [InlineData("tagger train --train TRAIN --folds 900 --by sentence --out OUT", "40 sentences are too few")]
    [InlineData("lm sample --model TAGGER", "language_model is needed")]
    [InlineData("lm sample --model NOWHERE", "NOWHERE", "no language model")]
    [InlineData("lm sample --model LM/forward --direction backward", "backward", "not a checkpoint folder")]
    [InlineData("lm train --train TEXT --valid VALID --out LM", "already holds a model", "--resume")]
    [InlineData("lm train --train VALID --valid VALID --out OUT --set batch_size=4000", "4000 streams", "batch size")]
    [InlineData("tagger train --train TRAIN --dev DEV --out TEST/below", "TEST")]
    [InlineData("lm train --train TEXT --valid VALID --out TEST/below", "TEST")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out TEST/below", "TEST")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out TAGGER --resume", "another kind", "char_embedding")]
    public void WhatDoesNotFit(string command, params string[] words) => Refused(command, "", words);

    [Fact]
    public void EmbeddingsOfAnotherDimension() =>
    Refused("tagger train --train TRAIN --dev DEV --out OUT --embeddings FILE",
        tiny.Write("vectors.txt", "the 0.1 0.2 0.3\nof 0.3 0.2 0.1\n"), "vectors.txt", "3", "100");

    [Theory]
    [InlineData("model.safetensors"), InlineData("config.json")]
    [InlineData("vocab/words.txt"), InlineData("vocab/tags.txt")]
    [InlineData("vocab/characters.txt"), InlineData("vocab/forward_words.txt")]
    public void DamagedTagger(string file) => Damaged(tiny.Tagger, file, "tag --model MODEL TEST");

    [Theory, InlineData("model.safetensors"), InlineData("config.json"), InlineData("vocab/words.txt")]
    public void DamagedLanguageModel(string file) =>
        Damaged(Path.Combine(tiny.LanguageModels, "forward"), file, "lm eval --model MODEL --data VALID");

    [Fact]
    public void TrainingStateThatIsDamaged()
    {
        var model = tiny.CopyOf(tiny.NoLm, "damaged-state");
        var path = Path.Combine(model, "training.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);
        Ldnet.Run(tiny.TaggerTraining(model, "--resume")).Failed(1, "training.safetensors");
    }

    /// <summary>A configuration that someone wrote, its manifest with it: no value is believed.</summary>
    [Theory]
    [InlineData("\"layers\": 3", "\"layers\": 2147483647", "layers: '2147483647'", "1 to 1000")]
    [InlineData("\"layers\": 3", "\"layers\": 1000", "the configuration asks for")]
    [InlineData("\"embedding_size\": 6", "\"embedding_size\": 30000000", "embedding_size: '30000000'", "1 to 65536")]
    [InlineData("\"hidden_size\": 5", "\"hidden_size\": 65536", "the configuration asks for")]
    [InlineData("\"words\": ", "\"words\": -", "words: -")]
    [InlineData("\"direction\": \"forward\"", "\"direction\": \"up\"", "direction: 'up'")]
    [InlineData("\"unit\": \"lstm\"", "\"unit\": null", "configuration")]
    [InlineData("\"options\": {", "\"options\": null, \"x\": {", "configuration")]
    public void ConfigurationThatCannotBe(string from, string to, params string[] words)
    {
        var model = tiny.CopyOf(Path.Combine(tiny.LanguageModels, "forward"), "hostile-" + Fingerprint(from, to));
        File.Delete(Path.Combine(model, "manifest.json"));
        var path = Path.Combine(model, "config.json");
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        Ldnet.Run("lm", "eval", "--model", model, "--data", tiny.ValidText).Failed(1, words);
    }

    [Fact]
    public void AFileWithoutANameIsRefused() => Ldnet.Run("export", "onnx", "--model", tiny.Tagger, "--out", "")
        .Failed(1, "--out ''", "no name of a file");

    /// <summary>What a value is, in words of the file: the program's types are nobody's business.</summary>
    [Theory]
    [InlineData("\"layers\": 3", "\"layers\": \"three\"", "options.layers is a value of another kind")]
    [InlineData("\"kind\": \"language_model\"", "\"kind\": null", "kind is null")]
    [InlineData("\"kind\": \"language_model\"", "\"kind\": 3", "kind is a value of another kind")]
    [InlineData("\"kind\": \"language_model\"", "\"sort\": \"x\"", "\"sort\" is none of its keys")]
    [InlineData("\"kind\": \"language_model\",", "", "it lacks", "kind")]
    public void ConfigurationOfAnotherKindOfValue(string from, string to, params string[] words)
    {
        var model = tiny.CopyOf(Path.Combine(tiny.LanguageModels, "forward"), "kinds-" + Fingerprint(from, to));
        File.Delete(Path.Combine(model, "manifest.json"));
        Edit(model, "config.json", text => text.Replace(from, to, StringComparison.Ordinal));
        var run = Ldnet.Run("lm", "eval", "--model", model, "--data", tiny.ValidText)
            .Failed(1, ["config.json: not a language_model's configuration", .. words]);
        Assert.DoesNotContain("LdNetGpu.", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Put together by hand, without a manifest.</summary>
    [Theory]
    [InlineData("config.json", "\"scheme\": \"iobes\"", "\"scheme\": \"iob2\"", "tags.txt: E-LOC is no tag of iob2")]
    [InlineData("vocab/tags.txt", "B-PER", "Q-PER", "tags.txt: Q-PER is no tag of iobes")]
    [InlineData("vocab/tags.txt", "<eof>", "eof", "tags.txt: ", "must end with")]
    [InlineData("vocab/words.txt", "<unk>", "<unknown>", "words.txt: has no <unk>")]
    [InlineData("vocab/forward_words.txt", "<unk>", "<unknown>", "forward_words.txt: has no <unk>")]
    [InlineData("vocab/characters.txt", "<unk>", "<unknown>", "characters.txt: ", "<unk>")]
    public void ModelOfFilesThatDoNotFit(string file, string from, string to, params string[] words)
    {
        var model = tiny.CopyOf(tiny.Tagger, "by-hand-" + Fingerprint(file, to));
        File.Delete(Path.Combine(model, "manifest.json"));
        Ldnet.Run("tag", "--model", model, tiny.TestFile).Succeeded();
        Edit(model, file, text => text.Replace(from, to, StringComparison.Ordinal));
        Ldnet.Run("tag", "--model", model, tiny.TestFile).Failed(1, words);
    }

    [Theory, InlineData("<unk>"), InlineData("<eos>")]
    public void LanguageModelWithoutItsSymbols(string symbol)
    {
        var model = tiny.CopyOf(Path.Combine(tiny.LanguageModels, "forward"), "lm-without-" + symbol.Trim('<', '>'));
        File.Delete(Path.Combine(model, "manifest.json"));
        Edit(model, "vocab/words.txt", text => text.Replace(symbol, "another", StringComparison.Ordinal));
        Ldnet.Run("lm", "eval", "--model", model, "--data", tiny.ValidText).Failed(1, $"words.txt: has no {symbol}");
    }

    static void Edit(string model, string file, Func<string, string> change)
    {
        var path = Path.Combine(model, file);
        var text = File.ReadAllText(path);
        var changed = change(text);
        Assert.NotEqual(text, changed);
        File.WriteAllText(path, changed);
    }

    /// <summary>Its own checksum was made anew; the manifest's was not.</summary>
    [Theory, InlineData("model.safetensors"), InlineData("training.safetensors")]
    public void TensorsThatSomeoneWrote(string file)
    {
        var model = tiny.CopyOf(Path.Combine(tiny.LanguageModels, "forward"), "foreign-" + file);
        var path = Path.Combine(model, file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("ldnet_crc32c"u8)] = (byte)'x';
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        if (file.StartsWith("model", StringComparison.Ordinal))
            Ldnet.Run("lm", "eval", "--model", model, "--data", tiny.ValidText)
                .Failed(1, file, "not as it was written");
        else
        {
            var run = tiny.CopyOf(tiny.LanguageModels, "foreign-run");
            File.Copy(path, Path.Combine(run, "forward", file), overwrite: true);
            Ldnet.Run(tiny.LanguageModelTraining(run, "--resume")).Failed(1, file, "not as it was written");
        }
    }

    [Theory]
    [InlineData("--max-line 60", "--max-line")]
    [InlineData("--max-word 6", "--max-word")]
    public void LinesAndWordsBeyondTheLimit(string limit, string advice)
    {
        const string words = "the old bank of Philadelphia ";
        var text = tiny.Write("long-lines", $"{words}{words}{words}{words}\n");
        string[] commands = ["lm eval --model LM --data FILE", "tag --model TAGGER FILE", "data check FILE"];
        foreach (var command in commands)
        {
            Ldnet.Run([.. Arguments(command, text, ""), .. limit.Split(' ')]).Failed(1, "long-lines, line 1", advice);
            Ldnet.Run(Arguments(command, text, "")).Succeeded();
        }
        Ldnet.Run(["data", "check", text, "--max-line", "0"]).Failed(2, "--max-line 0");
    }

    [Fact]
    public void CheckpointOfAnotherShape()
    {
        var model = tiny.CopyOf(tiny.Tagger, "mixed");
        File.Copy(Path.Combine(tiny.NoLm, "model.safetensors"), Path.Combine(model, "model.safetensors"),
            overwrite: true);
        Refused("tag --model mixed TEST", "", "mixed", "model.safetensors");
    }

    [Theory]
    [InlineData("tagger train --dev DEV --out OUT", "--train")]
    [InlineData("tagger train --train TRAIN --out OUT", "--dev")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --folds 3 --seeds 2", "--seeds and --folds")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --folds 3 --sweep TEST", "--folds and --sweep")]
    [InlineData("tagger train --train TRAIN --test TEST --out OUT --folds 3", "--test does not go with --folds")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --folds 1", "--folds 1")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --by sentence", "--by belongs to --folds")]
    [InlineData("tagger train --train TRAIN --dev DEV --out OUT --lm LM --init TAGGER", "--lm does not go with --init")]
    [InlineData("lm eval --model LM --data VALID --bands 10,5", "--bands 10,5")]
    [InlineData("lm eval --model LM --data VALID --bands 0", "--bands 0")]
    [InlineData("lm eval --model LM --data VALID --rare -1", "--rare -1")]
    [InlineData("lm sample --model LM --length 0", "--length 0")]
    [InlineData("lm sample --model LM --temperature -1", "--temperature -1")]
    [InlineData("lm sample --model LM --top-k -1", "--top-k -1")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out OUT --method zz", "zz")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out OUT --layers two", "two")]
    [InlineData("lm train --train TEXT --valid VALID --out OUT --direction up", "up")]
    [InlineData("lm eval --model LM", "--data")]
    [InlineData("tag --model TAGGER TEST --nbest 0", "--nbest 0")]
    [InlineData("tag --model TAGGER TEST --format xml", "xml")]
    [InlineData("eval --model TAGGER --data TEST --seed -1", "--seed -1")]
    [InlineData("tags convert TEST", "--to")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out OUT --layers -1", "--layers -1")]
    [InlineData("prune --model TAGGER --train TRAIN --dev DEV --out OUT --lambda0 -1", "--lambda0 -1")]
    [InlineData("score TEST -d xx", "--delimiter 'xx'")]
    [InlineData("score TEST --gold-column 0", "--gold-column 0")]
    [InlineData("score TEST --predicted-column 0", "--predicted-column 0")]
    [InlineData("data check TEST --separator ab", "--separator 'ab'")]
    [InlineData("eval --model TAGGER --data TEST --tag-column 0", "--tag-column 0")]
    [InlineData("config show lm --set a", "--set a: expected key=value")]
    [InlineData("tag --modle TAGGER", "--modle: no option of 'ldnet tag'", "Did you mean '--model'")]
    [InlineData("score --goldcolumn 2", "--goldcolumn: no option of 'ldnet score'", "Did you mean '--gold-column'")]
    [InlineData("score -q", "-q: no option of 'ldnet score'")]
    [InlineData("score --raws", "--raws: no option", "Did you mean '--raw'")]
    public void BadUsage(string command, params string[] words)
    {
        var run = Ldnet.Run(Arguments(command, "", tiny.PathOf("unused")));
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        foreach (var word in words) Assert.Contains(word, run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void NoCharacterIsNoSeparator() => Ldnet.Run("score", tiny.TestFile, "-d", "").Failed(2, "--delimiter ''");

    /// <summary>Behind two hyphens nothing is an option.</summary>
    [Fact]
    public void FileCanBeCalledLikeAnOption() =>
        LdnetProcess.Run("score", "--", "--nofile").Failed(1, "--nofile: no such file");

    [Fact]
    public void LanguageModelThatDivergesKeepsTheLastGoodState()
    {
        var output = tiny.PathOf("diverged-lm");
        Ldnet.RunUntil(20, tiny.LanguageModelTraining(output, "--direction", "forward"));
        var before = Ldnet.Run("lm", "eval", "--model", output, "--data", tiny.ValidText).Succeeded().Output;
        string[] wild = ["--resume", "--set", "learning_rate=1000", "--set", "clip_norm=0"];
        Ldnet.Run(tiny.LanguageModelTraining(output, ["--direction", "forward", .. wild]))
            .Failed(1, "forward language model, pass ", "batch ", output, "--resume", "learning_rate");
        Assert.Equal(before, Ldnet.Run("lm", "eval", "--model", output, "--data", tiny.ValidText).Succeeded().Output);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(output, "forward"), ".*"));
        Ldnet.Run(tiny.LanguageModelTraining(output, "--direction", "forward", "--resume")).Succeeded();
    }

    [Fact]
    public void TaggerThatDivergesSaysWhere()
    {
        var output = tiny.PathOf("diverged-tagger");
        // As large as a float can be: dropout's doubling makes them infinite.
        var words = File.ReadLines(tiny.TrainFile).Select(line => line.Split('\t', ' ')[0])
            .Where(word => word.Length > 0).Distinct();
        var vectors =
            tiny.Write("huge.txt", string.Concat(words.Select(word => word + " 3e38 -3e38 3e38 -3e38 3e38 -3e38\n")));
        Ldnet.Run(tiny.TaggerTraining(output, "--embeddings", vectors)).Failed(1, "epoch 1, batch 1", "learning_rate");
        Assert.False(Directory.Exists(Path.Combine(output, ".writing")));
    }

    void Damaged(string source, string file, string command)
    {
        var name = $"damaged-{Path.GetFileName(source)}-{Path.GetFileNameWithoutExtension(file)}";
        var path = Path.Combine(tiny.CopyOf(source, name), file);
        var whole = File.ReadAllBytes(path);
        void Refuse(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Refused(command.Replace("MODEL", name, StringComparison.Ordinal), "", Path.GetFileName(file));
        }
        Refuse(whole[..(whole.Length / 2)]);
        Refuse([]);
        for (var part = 0; part < 8; part++)
        {
            var flipped = whole.ToArray();
            flipped[part * (whole.Length - 1) / 7] ^= (byte)(1 << part);
            Refuse(flipped);
        }
    }

    void Refused(string command, string file, params string[] words)
    {
        var output = tiny.PathOf("out-" + Fingerprint(command, file));
        Ldnet.Run(Arguments(command, file, output)).Failed(1, [.. words.Select(word => Named(word, file, output))]);
        if (Directory.Exists(output))
            Assert.DoesNotContain(
                Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
                name => name is "config.json" or "model.safetensors" or "train.conll"
                    || name!.EndsWith(".tmp", StringComparison.Ordinal));
    }

    static string Fingerprint(string command, string file) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(command + file)))[..12];

    string[] Arguments(string command, string file, string output) =>
        [.. command.Split(' ').Select(word => Named(word, file, output))];

    string Named(string word, string file, string output) => word switch
    {
        "FILE" => file,
        "OUT" => output,
        "TRAIN" => tiny.TrainFile,
        "TAGGERTH" => RepositoryRoot.Combine("tests/Goldens/torch/tagger.zip.th"),
        "TAGGERMAP" => RepositoryRoot.Combine("tests/Goldens/torch/tagger_map.pk"),
        "LMTH" => RepositoryRoot.Combine("tests/Goldens/torch/lm.older.th"),
        "LMMAP" => RepositoryRoot.Combine("tests/Goldens/torch/lm_map.pk"),
        "DEV" => tiny.DevFile,
        "TEST" => tiny.TestFile,
        "TEST/below" => Path.Combine(tiny.TestFile, "below"),
        "TEXT" => tiny.Text,
        "VALID" => tiny.ValidText,
        "TAGGER" => tiny.Tagger,
        "NOLM" => tiny.NoLm,
        "LM" => tiny.LanguageModels,
        "LM/forward" => Path.Combine(tiny.LanguageModels, "forward"),
        "NOWHERE" => tiny.PathOf("nowhere"),
        _ when word == "mixed" || word.StartsWith("damaged-", StringComparison.Ordinal) => tiny.PathOf(word),
        _ => word,
    };
}
