using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LdNetGpu.Kernels;

/// <summary>How a product is cut for the caches, and the copies that bring its operands into the order the micro-kernel reads.</summary>
static unsafe class Packing
{
    /// <summary>Largest depth of a block: a packed panel (20 KB at 256 bits) and the rows of A beside it stay in the first-level cache.</summary>
    public const int MaxDepth = 320;

    /// <summary>Rows of A a task works on: a depth block of them, and what they make of C over all depth blocks of a pack, stay in the second-level cache.</summary>
    public const int RowBlock = 48;

    /// <summary>Blocks the depth is cut in: equal ones, at least one (empty where the depth is 0).</summary>
    public static int DepthBlocks(int depth) => Math.Max(1, (depth + MaxDepth - 1) / MaxDepth);

    /// <summary>Where block <paramref name="block"/> of <see cref="DepthBlocks"/> starts; at the number of blocks, the depth.</summary>
    public static int DepthStart(int depth, int block) => (int)((long)depth * block / DepthBlocks(depth));

    /// <summary>Where part <paramref name="part"/> starts when <paramref name="count"/> rows or panels are spread evenly over <paramref name="parts"/>.</summary>
    public static int PartStart(int count, int parts, int part) => (int)((long)count * part / parts);

    /// <summary>Rows of one of the tiles that <paramref name="rows"/> are spread over: the first ones have one more.</summary>
    public static int TileRows(int rows, int tiles, int tile) => rows / tiles + (tile < rows % tiles ? 1 : 0);

    /// <summary>Copies op(b)[k.. , n..] into one panel, [depth x panel], with zeros right of the last column. b points at the panel's first element.</summary>
    public static void Panel<T>(bool transposed, T* b, nint stride, int depth, int columns, int panel, T* destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (transposed) Transpose(b, stride, depth, columns, panel, destination);
        else Copy(b, stride, depth, columns, panel, destination);
        if (columns < panel)
            for (var k = 0; k < depth; k++) new Span<T>(destination + (nint)k * panel + columns, panel - columns).Clear();
    }

    static void Transpose<T>(T* b, nint stride, int depth, int columns, int panel, T* destination) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = 0;
        if (typeof(T) == typeof(float) && Avx.IsSupported)
        {
            const int Width = BlockTranspose.Width;
            for (; n <= columns - Width; n += Width)
            {
                var k = 0;
                for (; k <= depth - Width; k += Width) BlockTranspose.Run((float*)b + n * stride + k, stride, Width, (float*)destination + (nint)k * panel + n, panel);
                Elements(b, stride, k, depth, n, n + Width, panel, destination);
            }
            // A tile of A, 4 to 6 rows: what a stored vector spills into the next k is overwritten by that k; the last one is left to the loop below.
            if (n == 0 && columns == panel && columns is >= 4 and < Width)
            {
                var k = 0;
                for (; k < depth - Width; k += Width) BlockTranspose.Run((float*)b + k, stride, columns, (float*)destination + (nint)k * panel, panel);
                Elements(b, stride, k, depth, 0, columns, panel, destination);
                return;
            }
        }
        Elements(b, stride, 0, depth, n, columns, panel, destination);
    }

    static void Elements<T>(T* b, nint stride, int firstDepth, int endDepth, int first, int end, int panel, T* destination) where T : unmanaged
    {
        for (var n = first; n < end; n++)
        {
            var source = b + n * stride;
            for (var k = firstDepth; k < endDepth; k++) destination[(nint)k * panel + n] = source[k];
        }
    }

    static void Copy<T>(T* b, nint stride, int depth, int columns, int panel, T* destination) where T : unmanaged
    {
        var k = 0;
        // As above: a whole vector for 4 to 6 elements, and the row after it puts right what it spilled. Never at the last row, behind which nothing need lie.
        if (typeof(T) == typeof(float) && Vector256.IsHardwareAccelerated && columns == panel && columns is >= 4 and < BlockTranspose.Width && stride >= BlockTranspose.Width)
            for (; k < depth - 1; k++) Vector256.Load((float*)b + k * stride).Store((float*)destination + (nint)k * panel);
        for (; k < depth; k++) new ReadOnlySpan<T>(b + k * stride, columns).CopyTo(new Span<T>(destination + (nint)k * panel, columns));
    }
}
