using LdNetGpu.Devices;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests;

/// <summary>A file is the old or the new one, whatever the disk does in between.</summary>
public sealed class AtomicFileTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public static TheoryData<DiskFault> Faults => [.. Enum.GetValues<DiskFault>()];

    public void Dispose() => files.Dispose();

    [Theory, MemberData(nameof(Faults))]
    public void AFaultAtAnyOperationLeavesTheOldFile(DiskFault fault)
    {
        var path = files.Write("file", "old");
        var disk = new FaultyDisk(fault, int.MaxValue);
        AtomicFile.Write(files.PathOf("count"), Content, disk);
        Assert.Equal(["new and longer", "old"], Contents(files.PathOf("count"), path));
        File.Delete(files.PathOf("count"));
        for (var operation = 0; operation < disk.Operations; operation++)
        {
            var faulty = new FaultyDisk(fault, operation);
            var write = () => AtomicFile.Write(path, Content, faulty);
            if (fault == DiskFault.Killed) Assert.Throws<ProcessKilledException>(write);
            else Assert.Contains("cannot be written", Assert.Throws<UserException>(write).Message);
            Assert.Equal(["old"], Contents(path));
            if (fault != DiskFault.Killed) Assert.Equal([path], Directory.GetFiles(files.Folder));
        }
        AtomicFile.Write(path, Content);
        Assert.Equal(["new and longer"], Contents(path));
    }

    [Theory, MemberData(nameof(Faults))]
    public void ATokenCacheIsWholeOrMadeAnew(DiskFault fault)
    {
        var vocabulary = new Vocabulary(["<eos>", "<unk>", "a", "b"]);
        var (source, path) = (files.Write("text", "a b\n"), files.PathOf("train.tokens"));
        for (var operation = 0; operation < 7; operation++)
        {
            File.WriteAllText(source, operation % 2 == 0 ? "a b\n" : "b a a\n");
            var corpus = new Corpus([source]);
            Assert.ThrowsAny<Exception>(() =>
                TokenCache.Open(path, corpus, vocabulary, new FaultyDisk(fault, operation)).Dispose());
            using var cache = TokenCache.Open(path, corpus, vocabulary);
            var ids = new int[cache.Count];
            cache.CopyTo(0, ids);
            Assert.Equal(operation % 2 == 0 ? [2, 3, 0] : [3, 2, 2, 0], ids);
        }
    }

    static void Content(Stream stream)
    {
        stream.Write("new and "u8);
        stream.Write("longer"u8);
    }

    static string[] Contents(params ReadOnlySpan<string> paths) => [.. paths.ToArray().Select(File.ReadAllText)];
}
