namespace LdNetGpu.Autograd;

/// <summary>Which elements of a tensor are whose: a block for each shard, in their order, nearly equal ones.</summary>
/// <param name="Count">Elements of the tensor.</param>
/// <param name="Unit">Elements that stay together: a table's row, else what vectors are loaded by.</param>
/// <param name="Shards">How many blocks.</param>
readonly record struct StateDivision(long Count, int Unit, int Shards)
{
    /// <summary>Where a shard's block begins.</summary>
    public long First(int shard) => Math.Min(Count, (Count + Unit - 1) / Unit * shard / Shards * Unit);

    /// <summary>Elements of a shard's block.</summary>
    public long Length(int shard) => First(shard + 1) - First(shard);

    /// <summary>Elements of the longest block.</summary>
    public long Longest
    {
        get
        {
            var division = this;
            return Enumerable.Range(0, Shards).Max(division.Length);
        }
    }
}
