using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>
/// Where a run writes, its own until it is disposed of: looked at before the work starts, not after hours of it.
/// </summary>
sealed class OutputFolder : IDisposable
{
    // A killed run leaves none of them without what HoldsRun sees.
    static readonly string[] Written =
        [RunSettings.FileName, CheckpointFolder.WeightsFile, CheckpointManifest.FileName];

    readonly string root;
    readonly FolderLock? owner;
    readonly IReadOnlyList<string> made;

    OutputFolder(string root, FolderLock? owner, bool isTaken, IReadOnlyList<string> made) =>
        (this.root, this.owner, IsTaken, this.made) = (root, owner, isTaken, made);

    /// <summary>
    /// Whether there is a run to go on with; else the folder is there, empty of one, and can be written to.
    /// </summary>
    public bool IsTaken { get; }

    /// <summary>Makes the folder where it is not there, and this run its owner.</summary>
    /// <param name="folder">Where the run is to write.</param>
    /// <param name="kind">Of the model that it trains, as config.json names it; null for folders around it.</param>
    /// <param name="resume">Whether it may go on with a run that is there.</param>
    /// <param name="progress">Told where there is nothing to go on with.</param>
    /// <exception cref="FolderInUseException">Another run is writing there.</exception>
    /// <exception cref="FolderTakenException">It holds a run and <paramref name="resume"/> was not given, or a model
    /// of another kind, or belongs to one.</exception>
    /// <exception cref="OutputFolderException">It is no folder, and can be made none.</exception>
    public static OutputFolder Claim(CheckpointFolder folder, string? kind, bool resume,
        IProgress<WorkProgress>? progress = null)
    {
        RequireName(folder.Root);
        RequireNoOther(folder, kind);
        var made = Missing(folder.Root);
        var owner = Take(folder.Root) ?? throw new FolderInUseException(folder.Root);
        try
        {
            var isTaken = HoldsRun(folder);
            if (!resume || !isTaken) RequireFree(folder);
            if (!isTaken)
            {
                if (resume)
                    progress?.Report(
                        WorkProgress.Note($"{folder.Root}: nothing to resume: starting from the beginning."));
                folder.RewindMetrics();
            }
            return new(folder.Root, owner, isTaken, made);
        }
        catch
        {
            new OutputFolder(folder.Root, owner, isTaken: false, made).Dispose();
            throw;
        }
    }

    /// <summary>The same for all ranks of a run: the first makes the folder and owns it.</summary>
    /// <inheritdoc cref="Claim(CheckpointFolder, string, bool, IProgress{WorkProgress})"/>
    /// <exception cref="UserException">A rank does not see the folder.</exception>
    public static OutputFolder Claim(CheckpointFolder folder, string? kind, bool resume, RankGroup? ranks,
        IProgress<WorkProgress>? progress = null)
    {
        if (ranks is null) return Claim(folder, kind, resume, progress);
        if (ranks.IsFirst)
        {
            var claimed = Claim(folder, kind, resume, progress);
            ranks.FromFirst([claimed.IsTaken ? (byte)1 : (byte)0]);
            return claimed;
        }
        var isTaken = ranks.FromFirst([])[0] == 1;
        return Directory.Exists(folder.Root) ? new(folder.Root, null, isTaken, [])
            : throw new UserException($"{folder.Root}: rank 0 has made this folder, and it is not here: the ranks of a "
                + "run need one file system for it.");
    }

    /// <summary>Several at once, all or none.</summary>
    /// <inheritdoc cref="Claim(CheckpointFolder, string, bool, IProgress{WorkProgress})"/>
    public static IReadOnlyList<OutputFolder> ClaimAll(IEnumerable<CheckpointFolder> folders, string kind, bool resume,
        IProgress<WorkProgress>? progress = null, RankGroup? ranks = null)
    {
        var claimed = new List<OutputFolder>();
        try
        {
            foreach (var folder in folders) claimed.Add(Claim(folder, kind, resume, ranks, progress));
            return claimed;
        }
        catch
        {
            Release(claimed);
            throw;
        }
    }

    /// <summary>Gives several free, the last claimed first: folders around them were made by the first.</summary>
    public static void Release(IEnumerable<OutputFolder> claims)
    {
        foreach (var claim in claims.Reverse()) claim.Dispose();
    }

    /// <summary>Makes sure that a new run writes over no other.</summary>
    /// <exception cref="FolderTakenException">A run has left something there.</exception>
    /// <exception cref="FileTakenException">A file of that name, and of no run, is there.</exception>
    public static void RequireFree(CheckpointFolder folder)
    {
        if (HoldsRun(folder)) throw new FolderTakenException(folder.Root);
        FileTakenException.RequireFree(Written.Select(name => Path.Combine(folder.Root, name)));
    }

    /// <summary>
    /// Makes sure that a run leaves models of other kinds alone: in the folder itself, in those that a language model's
    /// directions have in it, and in the one whose vocabularies it would be among.
    /// </summary>
    /// <param name="folder">Where the run is to write.</param>
    /// <param name="kind">What may be there; null: nothing.</param>
    /// <exception cref="FolderTakenException">There is one.</exception>
    public static void RequireNoOther(CheckpointFolder folder, string? kind)
    {
        RequireNoneAround(folder);
        foreach (var direction in LanguageModelFolder.Both)
            if (Path.Combine(folder.Root, direction) is var inside && HoldsRun(new(inside)))
                throw new FolderTakenException(inside, isOther: true);
        if (HoldsRun(folder) && kind is not null && ModelConfigJson.KindOf(folder) is { } found && found != kind)
            throw new FolderTakenException(folder.Root, isOther: true);
    }

    /// <summary>Makes sure that a folder, in which those of several models are to be, is no model's own.</summary>
    /// <exception cref="FolderTakenException">It is one.</exception>
    public static void RequireNoModel(CheckpointFolder folder)
    {
        if (HoldsRun(folder)) throw new FolderTakenException(folder.Root, isOther: true);
        RequireNoOther(folder, kind: null);
    }

    /// <summary>Makes sure that a folder is none of those in which a model has its own files.</summary>
    /// <exception cref="FolderTakenException">It is one.</exception>
    public static void RequireNoneAround(CheckpointFolder folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Root));
        if (CheckpointFolder.OwnFolders.Contains(Path.GetFileName(path))
            && Path.GetDirectoryName(path) is { } around && HoldsRun(new(around)))
            throw new FolderTakenException(around, isOther: true);
    }

    /// <summary>Whether a run has left something there.</summary>
    public static bool HoldsRun(CheckpointFolder folder) => folder.Exists || folder.Has(TrainingState.FileName);

    /// <summary>Gives the folder free. Where nothing was written, it leaves things as it found them.</summary>
    public void Dispose()
    {
        var isEmpty = Directory.Exists(root)
            && Directory.EnumerateFileSystemEntries(root).All(path => Path.GetFileName(path) == FolderLock.FileName);
        if (owner is null) return;
        if (isEmpty) owner.Remove();
        else owner.Dispose();
        try
        {
            foreach (var path in isEmpty ? made : []) Directory.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Something else was put there.
        }
    }

    /// <summary>Makes sure that a path may become a folder: an empty one would be the one that the program runs
    /// in.</summary>
    /// <exception cref="OutputFolderException">It is empty, or a file is in its place.</exception>
    public static void RequireName(string output)
    {
        if (string.IsNullOrWhiteSpace(output) || output.Contains('\0'))
            throw new OutputFolderException(output.Replace("\0", "\\0", StringComparison.Ordinal),
                "is no name of a folder.");
        var path = Path.GetFullPath(output);
        while (path is not null && !Path.Exists(path)) path = Path.GetDirectoryName(path);
        if (File.Exists(path))
            throw new OutputFolderException(output,
                $"{(path == Path.GetFullPath(output) ? "" : path + " ")}is a file, where a folder is to be made.");
    }

    static FolderLock? Take(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
            return FolderLock.TryTake(root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutputFolderException(root, $"cannot be written: {error.Message.TrimEnd('.')}.", error);
        }
    }

    // What has to be made for the folder to be there, innermost first.
    static List<string> Missing(string root)
    {
        var missing = new List<string>();
        var path = Path.GetFullPath(root);
        while (path is not null && !Path.Exists(path))
        {
            missing.Add(path);
            path = Path.GetDirectoryName(path);
        }
        return missing;
    }
}
