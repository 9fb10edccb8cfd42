using System.Numerics;

namespace LdNetGpu.Kernels;

/// <summary>How a product is cut for the caches, and the copies that bring its operands into the order the micro-kernel reads.</summary>
static unsafe class Packing
{
    /// <summary>Largest depth of a block: a packed panel (20 KB at 256 bits) and the rows of A beside it stay in the first-level cache.</summary>
    public const int MaxDepth = 320;

    /// <summary>Rows of A a task works on: with a block's depth about 230 KB of floats, half a second-level cache.</summary>
    public const int RowBlock = 192;

    /// <summary>Blocks the depth is cut in: equal ones, at least one (empty where the depth is 0).</summary>
    public static int DepthBlocks(int depth) => Math.Max(1, (depth + MaxDepth - 1) / MaxDepth);

    /// <summary>Where block <paramref name="block"/> of <see cref="DepthBlocks"/> starts; at the number of blocks, the depth.</summary>
    public static int DepthStart(int depth, int block) => (int)((long)depth * block / DepthBlocks(depth));

    /// <summary>Where tile <paramref name="tile"/> starts when <paramref name="rows"/> are spread evenly over <paramref name="tiles"/>.</summary>
    public static int TileStart(int rows, int tiles, int tile) => (int)((long)rows * tile / tiles);

    /// <summary>Copies op(b)[k.. , n..] into one panel, [depth x panel], with zeros right of the last column. b points at the panel's first element.</summary>
    public static void Panel<T>(bool transposed, T* b, nint stride, int depth, int columns, int panel, T* destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (transposed)
        {
            for (var n = 0; n < columns; n++)
            {
                var source = b + n * stride;
                for (var k = 0; k < depth; k++) destination[(nint)k * panel + n] = source[k];
            }
        }
        else
        {
            for (var k = 0; k < depth; k++)
                new ReadOnlySpan<T>(b + k * stride, columns).CopyTo(new Span<T>(destination + (nint)k * panel, columns));
        }
        if (columns < panel)
            for (var k = 0; k < depth; k++) new Span<T>(destination + (nint)k * panel + columns, panel - columns).Clear();
    }
}
