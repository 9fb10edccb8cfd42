using System.Diagnostics;
using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Shards;

/// <summary>What was in a text.</summary>
/// <param name="Sentences">Those with a word.</param>
/// <param name="Words">In it.</param>
readonly record struct TextCounts(long Sentences, long Words);

/// <summary>One shard at work: its owner until it is disposed of.</summary>
sealed class ShardRun : IDisposable
{
    const string Unfinished = ".unfinished";

    readonly ShardFolder folder;
    readonly FolderLock owner;
    readonly string own;
    readonly FileOperations files;
    readonly MetricsLog manifest;

    ShardRun(ShardFolder folder, string own, FolderLock owner, FileOperations files)
    {
        (this.folder, this.own, this.owner, this.files) = (folder, own, owner, files);
        manifest = new(Path.Combine(own, ShardFolder.ManifestFile));
    }

    /// <summary>Takes a shard, and removes what a killed run of it left unfinished.</summary>
    /// <param name="folder">Where outputs are to be; made where it is not there.</param>
    /// <param name="shard">Which one.</param>
    /// <param name="fileOperations">What is done to the disk; null: what it says.</param>
    /// <exception cref="FolderInUseException">Somebody else is at this shard.</exception>
    /// <exception cref="UserException">The folder holds a model, or cannot be written.</exception>
    public static ShardRun Begin(ShardFolder folder, Shard shard, FileOperations? fileOperations = null)
    {
        var files = fileOperations ?? FileOperations.OnDisk;
        OutputFolder.RequireName(folder.Root);
        OutputFolder.RequireNoModel(new(folder.Root));
        var own = folder.FolderOf(shard);
        return Writing(own, () =>
        {
            files.CreateFolder(own);
            var owner = FolderLock.TryTake(own) ?? throw new FolderInUseException(own);
            foreach (var left in Directory.EnumerateFiles(own, "*" + Unfinished)) files.Delete(left);
            return new ShardRun(folder, own, owner, files);
        });
    }

    /// <summary>Makes an input's output: whole, or not at all.</summary>
    /// <param name="ledger">Says what it is called and made with.</param>
    /// <param name="input">To be read.</param>
    /// <param name="work">Reads the first stream and writes the second.</param>
    /// <param name="onRead">Told of bytes that were read.</param>
    /// <exception cref="UnreadableInputException">The input cannot be opened; <paramref name="work"/> says so
    /// too.</exception>
    /// <exception cref="UserException">The output cannot be written.</exception>
    public ShardRecord Write(ShardLedger ledger, ShardInput input, Func<Stream, Stream, TextCounts> work,
        Action<int> onRead)
    {
        var clock = Stopwatch.StartNew();
        using var source = new ChecksummedInput(
            UnreadableInputException.Marked(() => InputFile.OpenRaw(input.Path)), onRead);
        var name = ledger.OutputOf(input);
        var output = folder.PathOf(name);
        // Where a file system has no locks, two owners at least do not write into one file.
        var unfinished = Path.Combine(own, $"{Environment.MachineName}-{Environment.ProcessId}{Unfinished}");
        try
        {
            return Writing(output, () =>
            {
                var (counts, written) = (default(TextCounts), default(ManifestEntry)!);
                files.Write(unfinished, stream =>
                {
                    var target = new ChecksumStream(stream);
                    counts = work(source, target);
                    written = target.Entry;
                });
                source.CopyTo(Stream.Null);
                var (read, seconds) = (source.Entry, Math.Round(clock.Elapsed.TotalSeconds, 3));
                var record = new ShardRecord(input.Name, read.Length, read.Crc32c, counts.Sentences, counts.Words, name,
                    written.Length, written.Crc32c, seconds, ledger.Model, ledger.Options);
                files.CreateFolder(Path.GetDirectoryName(output)!);
                manifest.Append(record.ToJson());
                files.Replace(unfinished, output);
                return record;
            });
        }
        catch
        {
            Remove(unfinished);
            throw;
        }
    }

    /// <summary>Gives the shard free.</summary>
    public void Dispose() => owner.Remove();

    static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be written: {error.Message.TrimEnd('.')}. "
                + (FileOperations.IsDiskFull(error) ? "Free space on the disk; what is finished stays."
                    : "What is finished stays."), error);
        }
    }

    // The first failure is the one to report; what cannot be removed now, the next run removes.
    void Remove(string unfinished)
    {
        try
        {
            files.Delete(unfinished);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
