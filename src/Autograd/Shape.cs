using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>
/// Sizes of a tensor. The last dimension is the columns; all leading ones together are the rows that kernels see.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    readonly int[]? sizes;

    /// <summary>A shape of these sizes; none of them make a scalar's.</summary>
    /// <param name="sizes">Copied; each 0 or more.</param>
    /// <exception cref="ShapeException">One is negative.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
            if (size < 0)
                throw new ShapeException("shape", $"[{string.Join(", ", sizes.ToArray())}] has a negative size.");
        this.sizes = sizes.ToArray();
    }

    /// <summary>A shape of these sizes.</summary>
    /// <param name="sizes">Copied; each 0 or more.</param>
    /// <exception cref="ShapeException">One is negative.</exception>
    public static implicit operator Shape(int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return new(sizes);
    }

    /// <summary>The sizes; none for a scalar.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>Number of dimensions; 0 for a scalar.</summary>
    public int Rank => sizes?.Length ?? 0;

    /// <summary>Size of one dimension; negative counts from the last.</summary>
    /// <param name="dimension">From 0; <c>^1</c> is the last.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public int this[Index dimension] => dimension.GetOffset(Rank) is var place && (uint)place < (uint)Rank
        ? sizes![place] : throw new ShapeException("shape", $"{this} has no dimension {dimension}.");

    /// <summary>Size of the last dimension; 1 for a scalar.</summary>
    public int Columns => Rank == 0 ? 1 : sizes![^1];

    /// <summary>Product of all leading dimensions.</summary>
    /// <exception cref="ShapeException">It is more than an int holds.</exception>
    public int Rows
    {
        get
        {
            long rows = 1;
            // Held below what the next factor could overflow; a size of 0 may still come.
            for (var i = 0; i < Rank - 1; i++) rows = Math.Min(rows * sizes![i], 1L << 32);
            return rows <= int.MaxValue
                ? (int)rows : throw new ShapeException("shape", $"{this} has more than 2^31 rows.");
        }
    }

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public long Count => (long)Rows * Columns;

    /// <summary>The same leading dimensions with another last one.</summary>
    /// <param name="columns">The last size, 0 or more; of a scalar it makes the only one.</param>
    /// <exception cref="ShapeException">It is negative.</exception>
    public Shape WithColumns(int columns) => Rank == 0 ? new(columns) : new([.. Sizes[..^1], columns]);

    /// <summary>Whether both have the same sizes: [6] and [1, 6] differ.</summary>
    /// <param name="other">Compared size by size.</param>
    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in Sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Whether both have the same sizes.</summary>
    /// <param name="a">Sizes of one tensor.</param>
    /// <param name="b">Sizes of another.</param>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Whether a size or the rank differs.</summary>
    /// <param name="a">Sizes of one tensor.</param>
    /// <param name="b">Sizes of another.</param>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <returns><c>[2, 3, 4]</c>, as errors show it.</returns>
    public override string ToString() => $"[{string.Join(", ", sizes ?? [])}]";
}
