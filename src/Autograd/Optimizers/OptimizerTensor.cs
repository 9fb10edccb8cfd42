using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>A tensor that an optimizer keeps for a parameter: whole, or of several shards one's part of it.</summary>
public sealed class OptimizerTensor<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly StateDivision division;
    readonly IStateShards? shards;

    internal OptimizerTensor(string name, Shape shape, Tensor<T> part, StateDivision division, IStateShards? shards) =>
        (Name, Shape, Part, this.division, this.shards) = (name, shape, part, division, shards);

    /// <summary>What it is, and the parameter's name: <c>velocity/crf.transitions</c>.</summary>
    public string Name { get; }

    /// <summary>Of the whole, as the parameter's.</summary>
    public Shape Shape { get; }

    /// <summary>What is here.</summary>
    public Tensor<T> Part { get; }

    /// <summary>Whether <see cref="Part"/> is all of it.</summary>
    public bool IsWhole => shards is null;

    /// <summary>All of it, on the host; called on every shard.</summary>
    public T[] Gather()
    {
        var mine = Part.ToArray();
        if (shards is null) return mine;
        var whole = new T[Shape.Count];
        shards.Gather<T>(mine, whole,
            [.. Enumerable.Range(0, shards.Shards).Select(shard => (int)division.Length(shard))]);
        return whole;
    }

    /// <summary>Takes what is here out of all of it.</summary>
    /// <param name="whole">As many numbers as <see cref="Shape"/> has.</param>
    /// <exception cref="ShapeException">They are not as many.</exception>
    public void CopyFrom(ReadOnlySpan<T> whole)
    {
        if (whole.Length != Shape.Count)
            throw new ShapeException("optimizer state", $"{whole.Length} numbers for {Name} {Shape}.");
        var shard = shards?.Shard ?? 0;
        Part.CopyFrom(whole.Slice((int)division.First(shard), (int)division.Length(shard)));
    }
}
