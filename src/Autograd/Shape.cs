using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>Sizes of a tensor. The last dimension is the columns; all leading ones together are the rows that kernels see.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    readonly int[]? sizes;

    public Shape(params ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
            if (size < 0) throw new ShapeException("shape", $"[{string.Join(", ", sizes.ToArray())}] has a negative size.");
        this.sizes = sizes.ToArray();
    }

    public static implicit operator Shape(int[] sizes) => new(sizes);

    public ReadOnlySpan<int> Sizes => sizes;

    public int Rank => sizes?.Length ?? 0;

    /// <summary>Size of one dimension; negative counts from the last.</summary>
    public int this[Index dimension] => Sizes[dimension];

    /// <summary>Size of the last dimension; 1 for a scalar.</summary>
    public int Columns => Rank == 0 ? 1 : sizes![^1];

    /// <summary>Product of all leading dimensions.</summary>
    public int Rows
    {
        get
        {
            long rows = 1;
            for (var i = 0; i < Rank - 1; i++) rows *= sizes![i];
            return rows <= int.MaxValue ? (int)rows : throw new ShapeException("shape", $"{this} has more than 2^31 rows.");
        }
    }

    public long Count => (long)Rows * Columns;

    /// <summary>The same leading dimensions with another last one.</summary>
    public Shape WithColumns(int columns) => Rank == 0 ? new(columns) : new([.. Sizes[..^1], columns]);

    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in Sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    public override string ToString() => $"[{string.Join(", ", sizes ?? [])}]";
}
