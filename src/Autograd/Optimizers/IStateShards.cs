namespace LdNetGpu.Autograd;

/// <summary>
/// Processes that take the same steps and keep an optimizer's state together, each a part of it. All of them call the
/// same methods of the optimizer in the same order.
/// </summary>
public interface IStateShards
{
    /// <summary>This process, from 0.</summary>
    int Shard { get; }

    /// <summary>Processes in all.</summary>
    int Shards { get; }

    /// <summary>Brings together what each shard has.</summary>
    /// <typeparam name="T">Plain numbers.</typeparam>
    /// <param name="mine">Of this shard, as many as <paramref name="counts"/> says of it.</param>
    /// <param name="all">Gets those of shard 0, of shard 1, ...</param>
    /// <param name="counts">Of each shard.</param>
    void Gather<T>(ReadOnlySpan<T> mine, Span<T> all, ReadOnlySpan<int> counts) where T : unmanaged;
}
