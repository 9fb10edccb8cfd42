using System.Text;
using System.Text.Unicode;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>
/// A folder with config.json, model.safetensors, vocab/*.txt, training.safetensors and metrics.jsonl that always holds
/// one whole checkpoint, wherever a write of the next one was killed.
/// <list type="number">
/// <item>All new files and their manifest are written to <c>.writing/</c> and flushed to the disk.</item>
/// <item><c>.writing</c> is renamed to <c>.next</c>. From here on the new checkpoint counts, before it the old
/// one.</item>
/// <item>Each file is renamed from <c>.next/</c> into the folder, the manifest last; files that only the old one had
/// are deleted.</item>
/// </list>
/// A reader takes each file from <c>.next/</c> if it is still there, and begins anew where a live run was quicker. The
/// next writer finishes step 3 first. Files that no manifest names are left alone. Processes may be killed at any
/// moment; against a power cut it is as safe as the file system keeps the order of renames.
/// </summary>
sealed class CheckpointFolder(string path, FileOperations? fileOperations = null)
{
    /// <summary>The tensors of a model.</summary>
    public const string WeightsFile = "model.safetensors";

    const string Writing = ".writing", Next = ".next";

    /// <summary>Folders in it that a checkpoint's own files are in.</summary>
    public static readonly IReadOnlyList<string> OwnFolders = ["vocab", Writing, Next];

    // A reader beside a run that saves many times a second meets a save or two, not so many after each other.
    const int MostReadings = 20;

    // Configurations and vocabularies: a hundred times what the largest known take.
    const long LargestInMemory = 1L << 30;

    readonly FileOperations files = fileOperations ?? FileOperations.OnDisk;
    readonly MetricsLog metrics = new(Path.Combine(path, MetricsLog.FileName));

    /// <summary>As the user gave it.</summary>
    public string Root { get; } = path;

    /// <summary>True when there is a checkpoint to read.</summary>
    public bool Exists => Has("config.json");

    /// <summary>
    /// Calls <paramref name="write"/> with something that takes the files, then puts them in place of the last
    /// checkpoint's.
    /// </summary>
    /// <exception cref="CheckpointWriteException">The disk is full or cannot be written; the last checkpoint is whole,
    /// nothing half-written left.</exception>
    /// <exception cref="UserException">From <paramref name="write"/>: there is nothing worth saving; the last
    /// checkpoint stays.</exception>
    public void Save(Action<CheckpointWriter> write)
    {
        try
        {
            files.CreateFolder(Root);
            Finish();
            var staging = In(Writing);
            if (Directory.Exists(staging)) files.DeleteFolder(staging);
            files.CreateFolder(staging);
            var writer = new CheckpointWriter(staging, files);
            write(writer);
            var manifest = new CheckpointManifest(writer.Files, metrics.WholeLength);
            files.Write(Path.Combine(staging, CheckpointManifest.FileName), stream => stream.Write(manifest.ToJson()));
            files.RenameFolder(staging, In(Next));
            Finish();
        }
        catch (UserException)
        {
            RemoveStaging();
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            RemoveStaging();
            throw new CheckpointWriteException(Root, error);
        }
    }

    /// <summary>Files of the checkpoint and their checksums, as its manifest names them.</summary>
    public IReadOnlyDictionary<string, ManifestEntry> Entries =>
        Manifest()?.Files ?? new SortedDictionary<string, ManifestEntry>();

    /// <summary>True when the checkpoint has this file.</summary>
    public bool Has(string name) => Find(name) != null;

    /// <summary>Where a file of the checkpoint is.</summary>
    /// <exception cref="UserException">Not a checkpoint, or a file of it is missing.</exception>
    public string PathOf(string name) => Find(name) ?? throw (Exists
        ? new UserException($"{In(name)}: missing from the checkpoint.")
        : new NoCheckpointException(Root, "not a checkpoint folder: it has no config.json."));

    /// <summary>CRC-32C of a file of the checkpoint, 8 hexadecimal digits: its manifest's, or its bytes'.</summary>
    /// <exception cref="UserException">Not a checkpoint, or the file is missing.</exception>
    public string ChecksumOf(string name)
    {
        var path = PathOf(name);
        if (EntryOf(name) is { } entry) return entry.Crc32c;
        return FileChecksum.Of(path).Crc32c;
    }

    /// <summary>A small file of the checkpoint, checked against the manifest.</summary>
    /// <exception cref="UserException">It is missing, not as it was written, or too large.</exception>
    public byte[] ReadBytes(string name)
    {
        var path = PathOf(name);
        var length = new FileInfo(path).Length;
        var entry = EntryOf(name);
        if (entry is not null && entry.Length != length) throw NotAsWritten(path, length, entry);
        if (length > LargestInMemory)
            throw new UserException(Invariant($"{path}: {length:N0} bytes, where {LargestInMemory:N0} are the most ")
                + "that such a file has.");
        var bytes = File.ReadAllBytes(path);
        if (entry is not null && (entry.Length != bytes.Length || entry.Crc32c != Crc32C.Of(bytes).ToString("x8")))
            throw NotAsWritten(path, bytes.Length, entry);
        return bytes;
    }

    /// <summary>A text file of the checkpoint, checked against the manifest.</summary>
    public string ReadText(string name)
    {
        var bytes = ReadBytes(name);
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes) : throw new UserException($"{PathOf(name)}: not UTF-8 text: damaged.");
    }

    /// <summary>
    /// Reads a safetensors file of the checkpoint, checked whole before: against the manifest, or against its own
    /// checksum where there is no manifest.
    /// </summary>
    /// <exception cref="UserException">It is missing, not as it was written, or not of the format.</exception>
    public T ReadTensors<T>(string name, Func<SafeTensorsReader, T> read)
    {
        var path = PathOf(name);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete,
            1 << 16);
        var entry = EntryOf(name);
        if (entry is not null && (entry.Length != stream.Length || entry != FileChecksum.Of(stream)))
            throw NotAsWritten(path, stream.Length, entry);
        return read(new SafeTensorsReader(stream, path, isVerified: entry is not null));
    }

    /// <summary>
    /// What <paramref name="read"/> makes of the files. They may be those of two checkpoints where a run puts the next
    /// one in place meanwhile: what fails then is tried again.
    /// </summary>
    public T Read<T>(Func<T> read)
    {
        for (var left = MostReadings; ; left--)
        {
            var before = Generation();
            try
            {
                return read();
            }
            catch (Exception error) when (left > 1 && error is UserException or IOException
                && (Generation() is not { } now || now != before))
            {
                Thread.Sleep(5);
            }
        }
    }

    /// <summary>Appends one line to metrics.jsonl.</summary>
    /// <param name="json">One JSON object without line breaks.</param>
    public void AppendMetrics(string json)
    {
        files.CreateFolder(Root);
        metrics.Append(json);
    }

    /// <summary>
    /// Drops what was appended to metrics.jsonl after the checkpoint was written, all of it where none was: the run
    /// that goes on writes it again.
    /// </summary>
    public void RewindMetrics() => metrics.CutTo(Manifest()?.MetricsLength ?? 0);

    /// <summary>The whole lines of metrics.jsonl; one that a kill cut short is left out.</summary>
    public IReadOnlyList<string> ReadMetrics() => metrics.ReadLines();

    // Step 3, from wherever it stopped.
    void Finish()
    {
        var next = In(Next);
        if (!Directory.Exists(next)) return;
        var newManifest = Path.Combine(next, CheckpointManifest.FileName);
        if (File.Exists(newManifest))
        {
            var present = CheckpointManifest.Read(newManifest).Files.Keys;
            if (File.Exists(In(CheckpointManifest.FileName)))
                foreach (var stale in CheckpointManifest.Read(In(CheckpointManifest.FileName)).Files.Keys
                    .Except(present).Where(name => File.Exists(In(name))))
                    files.Delete(In(stale));
            foreach (var name in present.Where(name => File.Exists(Path.Combine(next, name))))
            {
                if (Path.GetDirectoryName(name) is { Length: > 0 } folder) files.CreateFolder(In(folder));
                files.Replace(Path.Combine(next, name), In(name));
            }
            files.Replace(newManifest, In(CheckpointManifest.FileName));
        }
        files.DeleteFolder(next);
    }

    // Null while the next checkpoint is put in place.
    string? Generation() => Directory.Exists(In(Next)) ? null
        : File.Exists(In(CheckpointManifest.FileName)) ? File.ReadAllText(In(CheckpointManifest.FileName)) : "";

    ManifestEntry? EntryOf(string name) =>
        Manifest() is { } manifest && manifest.Files.TryGetValue(name, out var entry) ? entry : null;

    static UserException NotAsWritten(string path, long length, ManifestEntry entry) =>
        new($"{path}: not as it was written ({length} bytes, {entry.Length} were written): truncated, damaged or "
            + "edited. Restore it from a copy.");

    CheckpointManifest? Manifest() => FindFile(CheckpointManifest.FileName) is { } path
        ? CheckpointManifest.Read(path) : null;

    // A folder that someone put together by hand has no manifest: then every file in it counts.
    string? Find(string name) => Manifest() is { } manifest && !manifest.Files.ContainsKey(name)
        ? null : FindFile(name);

    string? FindFile(string name)
    {
        var coming = Path.Combine(Root, Next, name);
        return File.Exists(coming) ? coming : File.Exists(In(name)) ? In(name) : null;
    }

    // The first failure is the one to report; what cannot be removed now, the next save removes.
    void RemoveStaging()
    {
        try
        {
            if (Directory.Exists(In(Writing))) files.DeleteFolder(In(Writing));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    string In(string name) => Path.Combine(Root, name);
}
