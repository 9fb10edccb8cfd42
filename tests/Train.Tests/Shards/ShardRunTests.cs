using LdNetGpu.Devices;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Shards;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Shards;

/// <summary>An output is whole and known, or not there, whatever ends a run; what is right is not made again.</summary>
public sealed class ShardRunTests : IDisposable
{
    const string Ending = ".upper";

    static readonly Shard First = new(1, 2);

    readonly TestFiles files = TestFiles.InMemory();

    public static TheoryData<DiskFault> Faults => [.. Enum.GetValues<DiskFault>()];

    ShardFolder Folder => new(files.PathOf("out"));

    public void Dispose() => files.Dispose();

    [Theory, MemberData(nameof(Faults))]
    public void AFaultAtAnyOperationLeavesWholeOutputs(DiskFault fault)
    {
        var (old, fresh) = (Write("a.txt", "old"), Write("b/c.txt", "new"));
        Run("m1", old);
        old = Write("a.txt", "older and longer");
        for (var operation = 0; ; operation++)
        {
            var disk = new FaultyDisk(fault, operation);
            try
            {
                using var run = ShardRun.Begin(Folder, First, disk);
                Work(run, Ledger("m1"), old, fresh);
            }
            catch (Exception error) when (error is UserException or ProcessKilledException)
            {
                Assert.NotNull(disk.FailedAt);
            }
            Assert.Contains(Output("a.txt"), (string[])["OLD", "OLDER AND LONGER"]);
            Assert.Contains(Output("b/c.txt"), (string?[])[null, "NEW"]);
            // Nothing beside the outputs but what is the shards' own.
            Assert.DoesNotContain(Directory.EnumerateFiles(files.PathOf("out"), "*", SearchOption.AllDirectories),
                path => !path.EndsWith(Ending, StringComparison.Ordinal) && !path.Contains(ShardFolder.Own));
            foreach (var input in new[] { old, fresh })
                Assert.DoesNotContain(Ledger("m1").StateOf(input),
                    (OutputState[])[OutputState.OutputEdited, OutputState.OutputForeign]);
            Run("m1", old, fresh);
            Assert.Equal(("OLDER AND LONGER", "NEW"), (Output("a.txt"), Output("b/c.txt")));
            Assert.Equal([".lock", "manifest.jsonl"], OwnFiles().Append(".lock").Distinct().Order());
            if (disk.FailedAt is null) break;
            Directory.Delete(files.PathOf("out"), recursive: true);
            Run("m1", Write("a.txt", "old"));
            old = Write("a.txt", "older and longer");
        }
    }

    [Fact]
    public void AStateSaysWhatChanged()
    {
        var input = Write("a.txt", "text");
        Assert.Equal(OutputState.New, Ledger("m1").StateOf(input));
        Run("m1", input);
        Assert.Equal(OutputState.Done, Ledger("m1").StateOf(input));
        Assert.Equal(OutputState.ModelChanged, Ledger("m2").StateOf(input));
        Assert.Equal(OutputState.OptionsChanged, Ledger("m1", "other").StateOf(input));
        Assert.Equal(OutputState.InputChanged, Ledger("m1").StateOf(Write("a.txt", "longer")));
        // As long as before.
        Assert.Equal(OutputState.InputChanged, Ledger("m1").StateOf(Write("a.txt", "next")));
        input = Write("a.txt", "text");
        var output = files.Write("out/a.txt" + Ending, "TExT");
        Assert.Equal(OutputState.OutputEdited, Ledger("m1").StateOf(input));
        File.Delete(output);
        Assert.Equal(OutputState.OutputMissing, Ledger("m1").StateOf(input));
        files.Write("out/b.txt" + Ending, "B");
        Assert.Equal(OutputState.OutputForeign, Ledger("m1").StateOf(Write("b.txt", "b")));
    }

    [Fact]
    public void AModelThatComesBackFindsItsOutputs()
    {
        var input = Write("a.txt", "text");
        Run("m1", input);
        Run("m2", input);
        // What both would write is the same here.
        Assert.Equal(OutputState.Done, Ledger("m1").StateOf(input));
        Assert.Equal(OutputState.Done, Ledger("m2").StateOf(input));
    }

    [Fact]
    public void RecordsOfAnotherDivisionCountToo()
    {
        var input = Write("a.txt", "text");
        using (var run = ShardRun.Begin(Folder, new(7, 9))) Work(run, Ledger("m1"), input);
        Assert.Equal(OutputState.Done, Ledger("m1").StateOf(input));
    }

    [Fact]
    public void AShardHasOneOwner()
    {
        using (var run = ShardRun.Begin(Folder, First))
        {
            Assert.Throws<FolderInUseException>(() => ShardRun.Begin(Folder, First));
            ShardRun.Begin(Folder, new(2, 2)).Dispose();
        }
        ShardRun.Begin(Folder, First).Dispose();
    }

    [Fact]
    public void ADamagedManifestIsRefusedAndALineCutShortIsNot()
    {
        var input = Write("a.txt", "text");
        Run("m1", input);
        var manifest = Path.Combine(Folder.FolderOf(First), ShardFolder.ManifestFile);
        File.AppendAllText(manifest, "{\"input\":\"b.t");
        Assert.Equal(OutputState.Done, Ledger("m1").StateOf(input));
        File.AppendAllText(manifest, "\n");
        TestFiles.Refused(() => Ledger("m1"), "manifest.jsonl, line 2", "damaged");
    }

    [Fact]
    public void OutputsAreNoInputsOfTheNextRun()
    {
        Write("a.txt", "text");
        foreach (var output in new[] { "in", "in/out", "in/b/" })
            TestFiles.Refused(() => new ShardFolder(files.PathOf(output)).RequireApart([files.PathOf("in")]),
                "lies in", "next run");
        new ShardFolder(files.PathOf("in-tagged")).RequireApart([files.PathOf("in"), files.PathOf("in/a.txt")]);
    }

    ShardInput Write(string name, string text) => new(files.Write($"in/{name}", text), name, text.Length);

    ShardLedger Ledger(string model, string options = "options") => new(Folder, Ending, model, options);

    void Run(string model, params ShardInput[] inputs)
    {
        using var run = ShardRun.Begin(Folder, First);
        Work(run, Ledger(model), inputs);
    }

    static void Work(ShardRun run, ShardLedger ledger, params ShardInput[] inputs)
    {
        foreach (var input in inputs.Where(input => ledger.StateOf(input) != OutputState.Done))
        {
            var read = 0;
            var record = run.Write(ledger, input, (source, target) =>
            {
                using var reader = new StreamReader(source, leaveOpen: true);
                foreach (var letter in reader.ReadToEnd()) target.Write([(byte)char.ToUpperInvariant(letter)]);
                return new(1, 2);
            }, bytes => read += bytes);
            Assert.Equal((input.Bytes, input.Name, 1L, 2L, (long)read),
                (record.Bytes, record.Input, record.Sentences, record.Words, input.Bytes));
        }
    }

    string? Output(string name) =>
        files.PathOf($"out/{name}{Ending}") is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    IEnumerable<string> OwnFiles() =>
        Directory.EnumerateFiles(Folder.FolderOf(First)).Select(path => Path.GetFileName(path)!);
}
