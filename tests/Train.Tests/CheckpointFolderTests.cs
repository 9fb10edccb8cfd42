using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Tests;

/// <summary>A checkpoint is whole whenever the process ends, and damage is found.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();
    readonly string root;

    public CheckpointFolderTests() => root = files.Folder;

    public void Dispose() => files.Dispose();

    [Fact]
    public void SavedFilesAreReadBackAndLieInTheFolderItself()
    {
        Save(new CheckpointFolder(root), 1, training: true);
        Assert.Equal(1, Version(new CheckpointFolder(root)));
        foreach (var name in (string[])["config.json", "model.safetensors", "vocab/words.txt", "training.safetensors"])
            Assert.True(File.Exists(Path.Combine(root, name)), name);
    }

    /// <summary>What a disk may do at any of its operations.</summary>
    public static TheoryData<DiskFault> Faults => [.. Enum.GetValues<DiskFault>()];

    [Theory, MemberData(nameof(Faults))]
    public void AFaultAtAnyOperationLeavesTheOldOrTheNewCheckpoint(DiskFault fault)
    {
        var operations = CountOperations();
        Assert.True(operations >= 20, $"only {operations} operations");
        var seen = new HashSet<int>();
        for (var operation = 0; operation < operations; operation++)
        {
            var folder = Path.Combine(root, $"{fault}{operation}");
            Save(new CheckpointFolder(folder), 1, training: true);
            File.WriteAllText(Path.Combine(folder, "notes.txt"), "the user's own");
            Fails(fault, () => Save(new CheckpointFolder(folder, new FaultyDisk(fault, operation)), 2,
                training: false));

            var found = Version(new CheckpointFolder(folder));
            seen.Add(found);
            Assert.Equal(found == 1, new CheckpointFolder(folder).Has("training.safetensors"));

            Save(new CheckpointFolder(folder), 3, training: false);
            Assert.Equal(3, Version(new CheckpointFolder(folder)));
            Assert.Equal(["config.json", "manifest.json", "model.safetensors", "notes.txt", "vocab"],
                Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        Assert.Equal([1, 2], seen.Order());
    }

    [Theory, MemberData(nameof(Faults))]
    public void AFaultOfTheFirstSaveLeavesNoCheckpointOrAWholeOne(DiskFault fault)
    {
        var disk = new FaultyDisk(fault, int.MaxValue);
        Save(new CheckpointFolder(Path.Combine(root, "count"), disk), 1, training: true);
        for (var operation = 0; operation < disk.Operations; operation++)
        {
            var folder = Path.Combine(root, $"first{operation}");
            Fails(fault, () => Save(new CheckpointFolder(folder, new FaultyDisk(fault, operation)), 1,
                training: true));
            var left = new CheckpointFolder(folder);
            if (left.Exists) Assert.Equal(1, Version(left));
            Save(left, 2, training: false);
            Assert.Equal(2, Version(new CheckpointFolder(folder)));
        }
    }

    [Fact]
    public void FullDiskKeepsTheLastCheckpointAndLeavesNothingHalfWritten()
    {
        var (operations, writes) = (CountOperations(), 0);
        for (var operation = 0; operation < operations; operation++)
        {
            Save(new CheckpointFolder(root), 1, training: true);
            var full = new FaultyDisk(DiskFault.NoSpace, operation);
            Fails(DiskFault.NoSpace, () => Save(new CheckpointFolder(root, full), 2, training: true));
            if (full.FailedAt is not ("create" or "write" or "synchronize")) continue;
            writes++;
            Assert.Equal(1, Version(new CheckpointFolder(root)));
            Assert.Empty(Directory.EnumerateFileSystemEntries(root, ".*"));
        }
        Assert.True(writes >= 10, $"only {writes} writes");
    }

    [Fact]
    public void ReadingThatMetASaveIsTriedAgainAndNoOther()
    {
        var (folder, readings) = (new CheckpointFolder(root), 0);
        Save(folder, 1, training: true);
        Assert.Equal(2, folder.Read(() =>
        {
            if (++readings > 1) return Version(folder);
            Save(new CheckpointFolder(root), 2, training: true);
            throw new UserException("model.safetensors: not as it was written");
        }));
        Assert.Equal(2, readings);
        Assert.Throws<UserException>(() => folder.Read<int>(() =>
        {
            readings++;
            throw new UserException("model.safetensors: damaged");
        }));
        Assert.Equal(3, readings);
    }

    [Fact]
    public void ReadingAmongFilesOfADeadRunEnds()
    {
        Save(new CheckpointFolder(root), 1, training: true);
        Directory.CreateDirectory(Path.Combine(root, ".next"));
        Assert.Throws<UserException>(() => new CheckpointFolder(root).Read<int>(() =>
            throw new UserException("model.safetensors: damaged")));
    }

    [Fact]
    public void KeepingAFileThatWasDamagedIsRefused()
    {
        var folder = new CheckpointFolder(root);
        Save(folder, 1, training: true);
        File.AppendAllText(Path.Combine(root, "vocab", "words.txt"), "more\n");
        Assert.Contains("words.txt", Assert.ThrowsAny<UserException>(() =>
            folder.Save(writer => writer.KeepAllBut(["training.safetensors"], folder))).Message);
    }

    [Theory, InlineData("config.json"), InlineData("vocab/words.txt"), InlineData("model.safetensors")]
    [InlineData("manifest.json")]
    public void DamagedFileIsNamed(string name)
    {
        Save(new CheckpointFolder(root), 1, training: true);
        var path = Path.Combine(root, name);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 4;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(Path.GetFileName(name),
            Assert.ThrowsAny<UserException>(() => Version(new CheckpointFolder(root))).Message);
    }

    [Fact]
    public void FolderWithoutConfigIsNotACheckpoint() =>
        Assert.Contains("not a checkpoint folder",
            Assert.ThrowsAny<UserException>(() => new CheckpointFolder(root).ReadText("config.json")).Message);

    [Fact]
    public void ManifestCannotLeadOutOfTheFolder()
    {
        File.WriteAllText(Path.Combine(root, "manifest.json"),
            """{"files":{"../x":{"length":1,"crc32c":"00000000"}},"metrics_length":0}""");
        Assert.ThrowsAny<UserException>(() => new CheckpointFolder(root).Exists);
    }

    [Fact]
    public void FolderMadeByHandNeedsNoManifest()
    {
        File.WriteAllText(Path.Combine(root, "config.json"), "{}");
        Assert.Equal("{}", new CheckpointFolder(root).ReadText("config.json"));
    }

    [Fact]
    public void MetricsRewindToTheCheckpointAndDropATornLine()
    {
        var folder = new CheckpointFolder(root);
        folder.AppendMetrics("{\"step\":1}");
        Save(folder, 1, training: true);
        folder.AppendMetrics("{\"step\":2}");
        File.AppendAllText(Path.Combine(root, "metrics.jsonl"), "{\"st");
        Assert.Equal(["{\"step\":1}", "{\"step\":2}"], folder.ReadMetrics());
        folder.AppendMetrics("{\"step\":3}");
        Assert.Equal(["{\"step\":1}", "{\"step\":2}", "{\"step\":3}"], folder.ReadMetrics());
        folder.RewindMetrics();
        Assert.Equal(["{\"step\":1}"], folder.ReadMetrics());
    }

    int CountOperations()
    {
        var folder = Path.Combine(root, "count");
        Save(new CheckpointFolder(folder), 1, training: true);
        var disk = new FaultyDisk(DiskFault.Killed, int.MaxValue);
        Save(new CheckpointFolder(folder, disk), 2, training: false);
        return disk.Operations;
    }

    static void Fails(DiskFault fault, Action save)
    {
        if (fault == DiskFault.Killed) Assert.Throws<ProcessKilledException>(save);
        else Assert.Throws<CheckpointWriteException>(save);
    }

    static void Save(CheckpointFolder folder, int version, bool training) => folder.Save(writer =>
    {
        writer.AddText("config.json", $"{{\"version\":{version}}}");
        writer.AddLines("vocab/words.txt", ["<unk>", "version" + version]);
        writer.AddTensors("model.safetensors", [NamedTensor.Of<int>("version", [1], new[] { version })]);
        if (training)
            writer.AddTensors("training.safetensors", [NamedTensor.Of<int>("version", [1], new[] { version })]);
    });

    // Every file must be of the same version.
    static int Version(CheckpointFolder folder)
    {
        var version = folder.ReadTensors("model.safetensors", reader => reader.ReadArray<int>("version"))[0];
        Assert.Equal($"{{\"version\":{version}}}", folder.ReadText("config.json"));
        Assert.Equal($"<unk>\nversion{version}\n", folder.ReadText("vocab/words.txt"));
        if (folder.Has("training.safetensors"))
            Assert.Equal(version,
                folder.ReadTensors("training.safetensors", reader => reader.ReadArray<int>("version"))[0]);
        return version;
    }
}
