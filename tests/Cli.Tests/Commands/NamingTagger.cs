using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>A tagger that learned a few names by heart, and its labelled text: it finds them.</summary>
public sealed class NamingTagger : IDisposable
{
    const string Sentences = """
        Anna B-PER
        lives O
        in O
        Paris B-LOC
        . O

        " O
        Bob B-PER
        's O
        town O
        , O
        said O
        Karl B-PER
        Lee I-PER
        . O

        Oslo B-LOC
        and O
        Paris B-LOC

        """;

    readonly TestFiles files = TestFiles.InMemory();

    public NamingTagger()
    {
        Labelled = Write("names.conll", string.Concat(Enumerable.Repeat(Sentences + "\n", 4)));
        Folder = files.PathOf("naming");
        string[] settings = ["char_embedding=6", "char_hidden=6", "word_embedding=8", "word_hidden=8", "batch_size=3",
            "word_threshold=0", "learning_rate=0.2", "lr_decay=0", "max_epochs=25", "dropout=0"];
        Ldnet.Run(["tagger", "train", "--train", Labelled, "--dev", Labelled, "--out", Folder,
            .. settings.SelectMany(setting => new[] { "--set", setting })]).Succeeded();
    }

    /// <summary>Of the tagger.</summary>
    public string Folder { get; }

    /// <summary>What it learned from, CoNLL columns.</summary>
    public string Labelled { get; }

    public string PathOf(string name) => files.PathOf(name);

    public string Write(string name, string text) => files.Write(name, text);

    public string Write(string name, byte[] bytes) => files.Write(name, bytes);

    public void Dispose() => files.Dispose();
}
