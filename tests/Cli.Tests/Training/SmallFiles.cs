using LdNetGpu.Tests.Commands;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Training;

/// <summary>Labelled files of a few sentences, as a new user tries the program with, and taggers for them.</summary>
sealed class SmallFiles : IDisposable
{
    public const string Names = "Ann\tB-PER\nlives\tO\nin\tO\nOslo\tB-LOC\n.\tO\n\n"
        + "Bob\tB-PER\nSmith\tI-PER\nleft\tO\n\n"
        + "The\tO\nBank\tB-ORG\nof\tI-ORG\nRome\tI-ORG\nclosed\tO\n.\tO\n";

    readonly TestFiles files = TestFiles.InMemory();

    public string PathOf(string name) => files.PathOf(name);

    public string Write(string name, string text) => files.Write(name, text);

    /// <summary>A command that trains a tagger of some units on them.</summary>
    public string[] Training(string output, string train, string dev, params string[] more) =>
    [
        "tagger", "train", "--train", train, "--dev", dev, "--out", PathOf(output),
        .. new[]
        {
            "char_embedding=6", "char_hidden=6", "word_embedding=8", "word_hidden=8", "max_epochs=3",
            "word_threshold=0", "optimizer=adam", "learning_rate=0.02",
        }.SelectMany(setting => new[] { "--set", setting }),
        .. more,
    ];

    public Ldnet Train(string train, string dev, params string[] more) =>
        Ldnet.Run(Training("out", Write("train.conll", train), Write("dev.conll", dev), more));

    public void Dispose() => files.Dispose();
}
