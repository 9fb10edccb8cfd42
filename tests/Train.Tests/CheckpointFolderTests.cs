using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Tests;

/// <summary>A checkpoint is whole whenever the process ends, and damage is found.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("ldnet-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void SavedFilesAreReadBackAndLieInTheFolderItself()
    {
        Save(new CheckpointFolder(root), 1, training: true);
        Assert.Equal(1, Version(new CheckpointFolder(root)));
        foreach (var name in (string[])["config.json", "model.safetensors", "vocab/words.txt", "training.safetensors"])
            Assert.True(File.Exists(Path.Combine(root, name)), name);
    }

    [Fact]
    public void KillAtAnyStepLeavesTheOldOrTheNewCheckpoint()
    {
        var steps = CountSteps();
        Assert.True(steps >= 15, $"only {steps} steps");
        var seen = new HashSet<int>();
        for (var kill = 0; kill < steps; kill++)
        {
            var folder = Path.Combine(root, "kill" + kill);
            Save(new CheckpointFolder(folder), 1, training: true);
            File.WriteAllText(Path.Combine(folder, "notes.txt"), "the user's own");
            Assert.Throws<Killed>(() => Save(new CheckpointFolder(folder, new KilledAt(kill)), 2, training: false));

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

    [Fact]
    public void KillOfTheFirstSaveLeavesNoCheckpointOrAWholeOne()
    {
        for (var kill = 0; kill < 8; kill++)
        {
            var folder = Path.Combine(root, "first" + kill);
            Assert.Throws<Killed>(() => Save(new CheckpointFolder(folder, new KilledAt(kill)), 1, training: true));
            var left = new CheckpointFolder(folder);
            if (left.Exists) Assert.Equal(1, Version(left));
        }
    }

    [Fact]
    public void FullDiskKeepsTheLastCheckpointAndLeavesNothingHalfWritten()
    {
        Save(new CheckpointFolder(root), 1, training: true);
        var full = new CheckpointFolder(root, new FullDisk());
        Assert.Contains(root, Assert.ThrowsAny<UserException>(() => Save(full, 2, training: true)).Message);
        Assert.Equal(1, Version(new CheckpointFolder(root)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(root, ".*"));
    }

    [Theory, InlineData("config.json"), InlineData("vocab/words.txt"), InlineData("model.safetensors"),
        InlineData("manifest.json")]
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

    int CountSteps()
    {
        var folder = Path.Combine(root, "count");
        Save(new CheckpointFolder(folder), 1, training: true);
        var counter = new KilledAt(int.MaxValue);
        Save(new CheckpointFolder(folder, counter), 2, training: false);
        return counter.Steps;
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

    sealed class Killed : Exception;

    /// <summary>Ends the process, as it were, at the n-th step; a write is cut short in its middle.</summary>
    sealed class KilledAt(int step) : FileOperations
    {
        public int Steps { get; private set; }

        public override void CreateFolder(string path) => Do(() => base.CreateFolder(path));

        public override void Write(string path, Action<Stream> write)
        {
            if (Steps == step)
            {
                var whole = new MemoryStream();
                write(whole);
                File.WriteAllBytes(path, whole.ToArray()[..(int)(whole.Length / 2)]);
            }
            Do(() => base.Write(path, write));
        }

        public override void Replace(string from, string to) => Do(() => base.Replace(from, to));

        public override void RenameFolder(string from, string to) => Do(() => base.RenameFolder(from, to));

        public override void Delete(string path) => Do(() => base.Delete(path));

        public override void DeleteFolder(string path) => Do(() => base.DeleteFolder(path));

        void Do(Action operation)
        {
            if (Steps++ == step) throw new Killed();
            operation();
        }
    }

    sealed class FullDisk : FileOperations
    {
        public override void Write(string path, Action<Stream> write)
        {
            base.Write(path, write);
            if (path.EndsWith("model.safetensors", StringComparison.Ordinal))
                throw new IOException($"No space left on device : '{path}'");
        }
    }
}
