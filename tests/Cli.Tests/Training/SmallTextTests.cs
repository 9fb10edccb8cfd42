using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Training;

/// <summary>Training on next to nothing gives a usable model, or says why not.</summary>
public sealed class SmallTextTests : IDisposable
{
    readonly SmallFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void OneSentenceIsLearntByHeart()
    {
        const string sentence = "Ann\tB-PER\nlives\tO\nin\tO\nOslo\tB-LOC\n.\tO\n";
        files.Train(sentence, sentence, "--set", "max_epochs=200", "--set", "dropout=0").Succeeded();
        Assert.Equal("Ann\tB-PER\nlives\tO\nin\tO\nOslo\tB-LOC\n.\tO\n\n", Tagged("Ann lives in Oslo .\n"));
    }

    [Fact]
    public void OneTagEverywhereIsLearnt()
    {
        const string names = "Ann\tB-PER\n\nBob\tB-PER\n";
        files.Train(names, names, "--set", "max_epochs=60", "--set", "dropout=0").Succeeded();
        Assert.Equal("Ann\tB-PER\n\nCleo\tB-PER\n\n", Tagged("Ann\nCleo\n"));
    }

    [Fact]
    public void OnlyOutsideIsRefused()
    {
        files.Train("Ann O\nran O\n\nbob O\n", SmallFiles.Names)
            .Failed(1, "train.conll: holds no spans", "nothing to learn");
        Assert.False(Directory.Exists(files.PathOf("out")));
    }

    [Fact]
    public void TooFewDocumentsToSplitNameTheFlagThatHelps()
    {
        var file = files.Write("one.conll", string.Concat(Enumerable.Range(0, 12).Select(i => $"word{i} O\n\n")));
        Ldnet.Run("data", "split", file, "--out", files.PathOf("split"))
            .Failed(1, "1 document is too few", "there are 12", "Give --by sentence.");
        Ldnet.Run("data", "split", file, "--out", files.PathOf("split"), "--by", "sentence").Succeeded();
        Assert.Equal(3, Directory.GetFiles(files.PathOf("split")).Length);
    }

    [Fact]
    public void TooFewSentencesToSplitNameNoFlagThatDoesNotHelp()
    {
        var file = files.Write("few.conll", "Ann B-PER\n\nran O\n");
        foreach (var unit in new[] { "document", "sentence" })
        {
            var run = Ldnet.Run("data", "split", file, "--out", files.PathOf("split"), "--by", unit)
                .Failed(1, "too few to split 80 / 10 / 10; 10 are needed");
            Assert.DoesNotContain("--by", run.Error, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(files.PathOf("split")));
    }

    [Fact]
    public void LanguageModelTextFromAPipeIsRefusedBeforeItIsRead()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No named pipes in the file system.");
        var (text, pipe) = (files.Write("lm.txt", "the cat sat on the mat .\na bird sang .\n"), files.PathOf("pipe"));
        using (var make = System.Diagnostics.Process.Start("mkfifo", pipe)) make.WaitForExit();
        using var writer = System.Diagnostics.Process.Start("sh", ["-c", $"cat '{text}' > '{pipe}'"]);
        Ldnet.Run("lm", "train", "--train", pipe, "--valid", text, "--out", files.PathOf("lm"))
            .Failed(1, "a pipe can be read only once", "Write it to a file first");
        writer.WaitForExit();
        Assert.False(Directory.Exists(files.PathOf("lm")));
    }

    string Tagged(string text) =>
        Ldnet.Run("tag", "--model", files.PathOf("out"), files.Write("text.txt", text)).Succeeded().Output;
}
