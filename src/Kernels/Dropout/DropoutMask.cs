using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>
/// A dropout's mask in the numbers that every device shares, so that it is the same on all: the key in words, the
/// matrix it is drawn for, and which columns of that are meant. In kernels too.
/// </summary>
/// <param name="SeedLow">Lower half of the key's seed.</param>
/// <param name="SeedHigh">Upper half of the key's seed.</param>
/// <param name="Step">The key's step.</param>
/// <param name="Site">The key's site.</param>
/// <param name="Threshold">
/// An element stays where its 24 random bits are at least this: uniform ≥ p in whole numbers, as both sides times 2^24
/// are exact.
/// </param>
/// <param name="Scale">1 / (1 - p), what stays is multiplied by.</param>
/// <param name="Columns">Of the matrix that the mask is drawn for: element (r, c) is number r · Columns + FirstColumn +
/// c of the draw.</param>
/// <param name="FirstColumn">Its column where the masked matrix begins.</param>
/// <param name="ShareRows">Rows of a step, where the masked matrix has some of each step's; 0: it has all. With the
/// next three, the numbers of <see cref="RowShare"/>.</param>
/// <param name="ShareOf">Rows of a step of the draw.</param>
/// <param name="ShareFirst">Row of the draw that the first is.</param>
/// <param name="ShareStride">From one row to the next.</param>
readonly record struct DropoutMask<T>(uint SeedLow, uint SeedHigh, uint Step, uint Site, int Threshold, T Scale,
    int Columns, int FirstColumn, int ShareRows, int ShareOf, int ShareFirst, int ShareStride)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <exception cref="ArgumentOutOfRangeException">The probability lies outside 0..1.</exception>
    public static DropoutMask<T> Of(RandomKey key, float probability, int columns, int firstColumn = 0)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability,
                "The probability of dropping an element lies in 0..1.");
        return new((uint)key.Seed, (uint)(key.Seed >> 32), key.Step, key.Site,
            (int)MathF.Ceiling(probability * (1 << 24)),
            probability < 1 ? T.CreateTruncating(1 / (1 - (double)probability)) : T.Zero, columns, firstColumn,
            key.Share.Rows, key.Share.Of, key.Share.First, key.Share.Stride);
    }

    /// <summary>On the host.</summary>
    public RandomKey Key => new((ulong)SeedHigh << 32 | SeedLow, Step, Site);

    /// <summary>The number in the draw of an element of the masked matrix.</summary>
    public long Element(long row, long column) => RowOf(row) * Columns + FirstColumn + column;

    /// <summary>Whether the masked matrix has all rows of the draw.</summary>
    public bool IsWhole => ShareRows == 0;

    /// <summary>Row of the draw that a row of the masked matrix is.</summary>
    public long RowOf(long row) =>
        IsWhole ? row : row / ShareRows * ShareOf + ShareFirst + row % ShareRows * ShareStride;

    /// <summary>In a kernel: the random bits of elements 4 · block to 4 · block + 3 of the draw.</summary>
    public PhiloxBlock Draw(long block) => PhiloxBlock.Draw(block, Site, Step, SeedLow, SeedHigh);

    /// <summary>In a kernel: the random bits of an element of a share of the draw.</summary>
    /// <param name="element">r · Columns + c of the masked matrix, which has all columns of the draw.</param>
    public uint Bits(long element)
    {
        var number = Element(element / Columns, element % Columns);
        return Draw(number >> 2).Word((int)(number & 3));
    }

    /// <summary>What becomes of an element with these random bits.</summary>
    public T Keep(uint bits, T value) => (int)(bits >> 8) >= Threshold ? value * Scale : T.Zero;
}
