using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Shards;

/// <summary>
/// Where shards write: an output for each input, and in <c>.shards/3-of-32/</c> what each shard knows of its own. A
/// record is in the manifest before its output is renamed into place: an output that no record speaks for is none of
/// this program's.
/// </summary>
sealed class ShardFolder(string root)
{
    public const string Own = ".shards", ManifestFile = "manifest.jsonl";

    /// <summary>As the user gave it.</summary>
    public string Root => root;

    /// <summary>Where an output is.</summary>
    public string PathOf(string output) => Path.Combine(root, output);

    /// <summary>What is a shard's own.</summary>
    public string FolderOf(Shard shard) => Path.Combine(root, Own, $"{shard.Number}-of-{shard.Count}");

    /// <summary>
    /// The records of all shards, also of another division: files move from shard to shard where the inputs change.
    /// </summary>
    /// <exception cref="UserException">A manifest is damaged.</exception>
    public IEnumerable<ShardRecord> Records()
    {
        var own = Path.Combine(root, Own);
        if (!Directory.Exists(own)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(own).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, ManifestFile);
            foreach (var (i, line) in new MetricsLog(path).ReadLines().Index())
                yield return ShardRecord.Parse(line) ?? throw new UserException(
                    $"{path}, line {i + 1}: damaged: not the record of a file. Restore it from a copy, or begin in "
                    + "another folder.");
        }
    }

    /// <summary>Makes sure that no output would be among the inputs, of this run or the next.</summary>
    /// <param name="sources">As the user gave them.</param>
    /// <exception cref="UserException">One would.</exception>
    public void RequireApart(IEnumerable<string> sources)
    {
        var own = Whole(root);
        foreach (var source in sources.Where(Directory.Exists))
            if ((own + Path.DirectorySeparatorChar).StartsWith(Whole(source) + Path.DirectorySeparatorChar,
                StringComparison.Ordinal))
                throw new UserException($"{root}: lies in {source}, whose files are read: what is written there would "
                    + "be read by the next run.");
    }

    static string Whole(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
