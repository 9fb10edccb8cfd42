namespace LdNetGpu.Train.Shards;

/// <summary>One of the parts that a work on many files is divided into.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">Of all parts.</param>
readonly record struct Shard(int Number, int Count)
{
    /// <summary>The work undivided.</summary>
    public static Shard Whole => new(1, 1);

    /// <summary><c>3/32</c>.</summary>
    public override string ToString() => $"{Number}/{Count}";
}
