using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;
using LdNetGpu.Tests.Serving;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests;

/// <summary>
/// The guide "From text files to a service", command by command, on made-up text and with small models.
/// </summary>
public sealed class WalkThroughTests : IDisposable
{
    // What the guide leaves at the paper's sizes.
    const string Sizes = """
        ldnet_() { case "$1 $2" in
          "lm train") ldnet "$@" --set embedding_size=6 --set layers=2 --set hidden_size=5 --set cutoffs=20,60 \
            --set batch_size=8 --set steps=10 --set epoch_batches=20 --set max_epochs=1 ;;
          "tagger train") ldnet "$@" --set char_embedding=4 --set char_hidden=5 --set word_embedding=6 \
            --set word_hidden=6 --set lm_projection=5 --set batch_size=8 --set max_epochs=3 ;;
          "prune "*) ldnet "$@" --set batch_size=8 --set learning_rate=0.1 --set min_epochs=3 --set max_epochs=6 \
            --lambda0 4 ;;
          *) ldnet "$@" ;;
        esac; }
        """;

    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task EveryCommandDoesWhatItSays()
    {
        Data();
        var lines = MarkdownPage.Read("docs/guides/from-text-to-service.md").Blocks
            .Where(block => block.Language == "bash")
            .SelectMany(block => block.Code.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Contains("ldnet serve --model pruned", lines);
        var run = lines.Where(line => line.StartsWith("ldnet ", StringComparison.Ordinal)
            && !line.Contains(" serve ", StringComparison.Ordinal)).Select(line => "ldnet_" + line["ldnet".Length..]);
        var done = LdnetProcess.RunInShell(
            $"set -e; cd '{files.PathOf(".")}'; {Sizes}\n{string.Join('\n', run)}");
        Assert.True(done.ExitCode == 0, done.Error);
        foreach (var made in (string[])["text.txt", "data/test.conll", "lm/forward/config.json", "tagger/config.json",
            "pruned/calibration.json", "report.html", "names.json", "tagger.onnx"])
            Assert.True(new FileInfo(files.PathOf(made)) is { Exists: true, Length: > 0 }, made);
        var names = JsonNode.Parse(File.ReadAllText(files.PathOf("names.json")))!.AsArray();
        using var served = ServedTagger.Start(files.PathOf("pruned"));
        Assert.Equal(names.ToJsonString(),
            (await served.TagAsync(File.ReadAllText(files.PathOf("news/today.txt")))).ToJsonString());
        var curl = Assert.Single(lines, line => line.StartsWith("curl ", StringComparison.Ordinal));
        using var answer = await served.PostAsync(curl.Split('\'')[1]);
        Assert.True(answer.IsSuccessStatusCode);
    }

    void Data()
    {
        var corpus = new SyntheticCorpus(new SyntheticCorpusOptions
        {
            Seed = 7, UnlabelledWords = 2400, TrainSentences = 60, DevSentences = 12, TestSentences = 16,
            TrainNames = 8, DevNames = 4, TestNames = 4,
        });
        var half = corpus.Unlabelled.Count / 2;
        files.Write("news/monday.txt", Text(corpus.Unlabelled.Take(half)));
        files.Write("news/today.txt", Text(corpus.Unlabelled.Skip(half)));
        // Documents of three sentences.
        using var labelled = new StringWriter();
        foreach (var document in corpus.Train.Chunk(3))
        {
            labelled.Write("-DOCSTART-\tO\n\n");
            ConllWriter.Write(labelled, document);
        }
        files.Write("labelled.conll", labelled.ToString());
    }

    static string Text(IEnumerable<string[]> sentences) =>
        string.Concat(sentences.Select(words => string.Join(' ', words) + "\n\n"));
}
