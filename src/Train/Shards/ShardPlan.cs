namespace LdNetGpu.Train.Shards;

/// <summary>Which shard a file belongs to.</summary>
static class ShardPlan
{
    /// <summary>
    /// Divides files so that shards have about as many bytes each: the largest file first, each to the shard that has
    /// the fewest bytes so far. Names and sizes alone decide, so that every machine comes to the same.
    /// </summary>
    /// <param name="inputs">In any order.</param>
    /// <param name="count">Shards, 1 or more.</param>
    /// <returns>A list for each shard, in the order of names; shards may be empty.</returns>
    public static IReadOnlyList<IReadOnlyList<ShardInput>> Divide(IReadOnlyList<ShardInput> inputs, int count)
    {
        var shards = Enumerable.Range(0, count).Select(_ => new List<ShardInput>()).ToArray();
        var least = new PriorityQueue<int, (long Bytes, int Shard)>(
            Enumerable.Range(0, count).Select(shard => (shard, (0L, shard))));
        foreach (var input in inputs.OrderByDescending(input => input.Bytes)
            .ThenBy(input => input.Name, StringComparer.Ordinal))
        {
            least.TryDequeue(out var shard, out var load);
            shards[shard].Add(input);
            // An empty file is some work too.
            least.Enqueue(shard, (load.Bytes + Math.Max(1, input.Bytes), shard));
        }
        foreach (var shard in shards) shard.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return shards;
    }
}
