using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Tests.Models;

/// <summary>
/// State_dicts of the published code in folders put together by hand, loaded as a user loads them, against PyTorch's
/// numbers to 1e-6 in float.
/// </summary>
public sealed class PublishedCheckpointTests : IDisposable
{
    const string LanguageModelConfig = """
        {
          "kind": "language_model", "direction": "forward", "words": 30,
          "options": {
            "embedding_size": 6, "layers": 2, "hidden_size": 4, "projection_size": 8, "projection_relu": false,
            "cutoffs": [8, 16], "tail_exponent_start": 0
          }
        }
        """;

    const string Encoder = """
        { "words": WORDS, "unit": "lstm", "embedding": 4, "hidden": [3, 3], "dense": true, "scaled": true }
        """;

    readonly CpuBackend<float> backend = new(new CpuDevice(1));
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void LanguageModelWithARowMoreThanWordsLoads()
    {
        files.Write("lm/config.json", LanguageModelConfig);
        files.Write("lm/model.safetensors", File.ReadAllBytes(Golden.PathOf("published_lm_checkpoint")));
        files.Write("lm/vocab/words.txt",
            Lines(Enumerable.Range(0, 28).Select(i => $"w{i}").Append("<unk>").Append("<eos>")));
        using var loaded = LanguageModelFolder.Load(backend, files.PathOf("lm"));
        Assert.True(loaded.Config.Options.SpareSoftmaxRow);
        Assert.Equal(31, loaded.Model.Softmax.Words);
        // What a file made by hand leaves out has its default.
        Assert.Equal(new LanguageModelOptions().BatchSize, loaded.Config.Options.BatchSize);
        var golden = Golden.Load("published_lm").Case("linear");
        using var scope = new TensorScope();
        Near(golden.Values("output/log_prob"), loaded.Model.LogProb(
            new IntTensor(backend.Device, golden.Indices("input/ids")), steps: 4, batch: 3).ToArray());

        // Written back, it says so itself.
        var again = new CheckpointFolder(files.PathOf("again"));
        again.Save(writer => LanguageModelFolder.Write(writer, loaded.Config, loaded.Model, loaded.Vocabulary));
        Assert.Contains("\"spare_softmax_row\": true", again.ReadText("config.json"), StringComparison.Ordinal);
        LanguageModelFolder.Load(backend, again.Root).Dispose();
    }

    [Fact]
    public void LanguageModelOfTwoRowsMoreIsRefused()
    {
        files.Write("lm/config.json", LanguageModelConfig.Replace("\"words\": 30", "\"words\": 29"));
        files.Write("lm/model.safetensors", File.ReadAllBytes(Golden.PathOf("published_lm_checkpoint")));
        files.Write("lm/vocab/words.txt",
            Lines(Enumerable.Range(0, 27).Select(i => $"w{i}").Append("<unk>").Append("<eos>")));
        TestFiles.Refused(() => LanguageModelFolder.Load(backend, files.PathOf("lm")), "of another shape");
    }

    [Theory]
    [InlineData("none", "_paper"), InlineData("characters", "_words_only"), InlineData("words", "")]
    public void TaggerReadsTheSentenceEndWhereItsSettingSays(string form, string suffix)
    {
        using var loaded = Tagger($$"""{ {{Widths}}, "constraints": "none", "sentence_end": "{{form}}" }""", "");
        // Words spelt with the golden's characters; their ids in the three vocabularies are the golden's.
        string[][] sentences = [["cd", "e", "hfc", "??"], ["fedc"]];
        for (var i = 0; i < sentences.Length; i++)
        {
            var golden = Golden.Load("tagger").Case($"sentence{i}{suffix}");
            var tags = golden.Indices("input/tags");
            var encoded = loaded.Vocabularies.Encode(new Sentence(sentences[i], null, 1, 0)) with { Tags = tags };
            Assert.Equal(golden.Indices("input/word")[..tags.Length], encoded.Words[..tags.Length]);
            Assert.Equal(golden.Indices("input/char_forward"), encoded.Characters);
            var batch = new TaggerBatch([encoded], loaded.Vocabularies.BackwardEnd);
            using var scope = new TensorScope();
            var emissions = loaded.Tagger.Emissions(batch, ForwardContext.Inference).ToArray();
            Near(golden.Values("output/emissions")[..emissions.Length], emissions);
            Near([golden.Scalar("output/loss")], loaded.Tagger.Loss(batch, ForwardContext.Inference).ToArray());
            Assert.Equal(golden.Indices("output/best_tags"), loaded.Tagger.Decode(batch)[0]);
        }
    }

    [Theory, InlineData("true", "Scheme", CrfConstraints.Scheme)]
    [InlineData("false", "Structure", CrfConstraints.Structure), InlineData("false", "None", CrfConstraints.None)]
    public void ConstraintsOfFoldersWrittenBeforeTheyWereASettingStand(string setting, string beside,
        CrfConstraints expected)
    {
        using var loaded = Tagger($$"""{ {{Widths}}, "constraints": {{setting}} }""",
            $", \"constraints\": \"{beside}\"");
        Assert.Equal(expected, loaded.Tagger.Options.Constraints);
        Assert.Equal(SentenceEnd.None, loaded.Tagger.Options.SentenceEnd);
    }

    [Fact]
    public void OptionsThatAreLeftOutHaveTheirDefaults()
    {
        using var loaded = Tagger($$"""{ {{Widths}} }""", "");
        var standard = new TaggerOptions();
        Assert.Equal((standard.Constraints, standard.Patience, standard.Lowercase),
            (loaded.Tagger.Options.Constraints, loaded.Tagger.Options.Patience, loaded.Tagger.Options.Lowercase));
    }

    [Fact]
    public void VocabularyWithoutTheSentenceEndIsRefused()
    {
        Write($$"""{ {{Widths}}, "sentence_end": "words" }""", "");
        files.Write("tagger/vocab/words.txt", Lines(["e1", "cd", "fedc", "<unk>", "u4", "u5", "u6", "??", "u8"]));
        TestFiles.Refused(() => TaggerFolder.Load(backend, files.PathOf("tagger")), "vocab/words.txt has no <eos>");
    }

    const string Widths = "\"char_embedding\": 4, \"char_hidden\": 6, \"word_embedding\": 5, \"word_hidden\": 4, "
        + "\"lm_projection\": 5";

    LoadedTagger Tagger(string options, string more)
    {
        Write(options, more);
        return TaggerFolder.Load(backend, files.PathOf("tagger"));
    }

    void Write(string options, string more)
    {
        var (forward, backward) = (Encoder.Replace("WORDS", "9"), Encoder.Replace("WORDS", "10"));
        files.Write("tagger/config.json", $$"""
            { "kind": "tagger", "options": {{options}}, "forward": {{forward}}, "backward": {{backward}}{{more}} }
            """);
        files.Write("tagger/model.safetensors", File.ReadAllBytes(Golden.PathOf("tagger_checkpoint")));
        files.Write("tagger/vocab/characters.txt", Lines([" ", "<eos>", "c", "d", "e", "f", "<unk>", "h"]));
        files.Write("tagger/vocab/words.txt", Lines(["hfc", "e", "fedc", "<unk>", "u4", "cd", "u6", "??", "<eos>"]));
        files.Write("tagger/vocab/tags.txt", Lines(["O", "B-X", "E-X", "I-X", "S-X", "<s>", "<eof>"]));
        files.Write("tagger/vocab/forward_words.txt",
            Lines(["e", "u1", "u2", "<unk>", "u4", "u5", "fedc", "hfc", "<eos>"]));
        files.Write("tagger/vocab/backward_words.txt",
            Lines(["??", "cd", "hfc", "u3", "fedc", "u5", "u6", "<unk>", "e", "<eos>"]));
    }

    static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    static void Near(double[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-6);
    }
}
