using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// How a product is cut for the caches, and the copies that bring its operands into the order the micro-kernel reads.
/// </summary>
static unsafe class Packing
{
    /// <summary>
    /// Largest depth of a block: a packed panel (20 KB at 256 bits) and the rows of A beside it stay in the first-level
    /// cache.
    /// </summary>
    public const int MaxDepth = 320;

    /// <summary>
    /// Rows of A a task works on: a depth block of them, and what they make of C over all depth blocks of a pack, stay
    /// in the second-level cache.
    /// </summary>
    public const int RowBlock = 48;

    /// <summary>
    /// Panels or tiles copied side by side: their rows' pieces share the lines and pages they are read from.
    /// </summary>
    const int PanelsAtOnce = 8;

    /// <summary>Rows between the one that is copied and the one that is asked for.</summary>
    const int RowsAhead = 8;

    /// <summary>Blocks the depth is cut in: equal ones, at least one (empty where the depth is 0).</summary>
    public static int DepthBlocks(int depth) => Math.Max(1, (depth + MaxDepth - 1) / MaxDepth);

    /// <summary>
    /// Where block <paramref name="block"/> of <see cref="DepthBlocks"/> starts; at the number of blocks, the depth.
    /// </summary>
    public static int DepthStart(int depth, int block) => (int)((long)depth * block / DepthBlocks(depth));

    /// <summary>
    /// Where part <paramref name="part"/> starts when <paramref name="count"/> rows or panels are spread evenly over
    /// <paramref name="parts"/>.
    /// </summary>
    public static int PartStart(int count, int parts, int part) => (int)((long)count * part / parts);

    /// <summary>
    /// Copies op(b), [depth x columns] from its element b on, into panels one after another, each [depth x panel] row
    /// by row, with zeros right of the last column. Where <paramref name="transposed"/>, op(b)(k, n) is b[n · stride +
    /// k].
    /// </summary>
    public static void Panels<T>(bool transposed, T* b, nint stride, int depth, int columns, int panel, T* destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var whole = columns / panel;
        if (transposed)
            for (var p = 0; p < whole; p++)
                Transpose(b + (nint)p * panel * stride, stride, depth, panel, panel,
                    destination + (nint)p * panel * depth);
        else
            for (var p = 0; p < whole; p += PanelsAtOnce)
                Copy(b + (nint)p * panel, stride, depth, Math.Min(PanelsAtOnce, whole - p), panel,
                    destination + (nint)p * panel * depth);
        var rest = columns - whole * panel;
        if (rest == 0) return;
        b += (nint)whole * panel * (transposed ? stride : 1);
        destination += (nint)whole * panel * depth;
        if (transposed) Transpose(b, stride, depth, rest, panel, destination);
        for (var k = 0; k < depth; k++)
        {
            var row = new Span<T>(destination + (nint)k * panel, panel);
            if (!transposed) new ReadOnlySpan<T>(b + k * stride, rest).CopyTo(row);
            row[rest..].Clear();
        }
    }

    static void Transpose<T>(T* b, nint stride, int depth, int columns, int panel, T* destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = 0;
        if (typeof(T) == typeof(float) && Avx.IsSupported)
        {
            const int Width = BlockTranspose.Width;
            for (; n <= columns - Width; n += Width)
            {
                var k = 0;
                for (; k <= depth - Width; k += Width)
                    BlockTranspose.Run((float*)b + n * stride + k, stride, Width,
                        (float*)destination + (nint)k * panel + n, panel);
                Elements(b, stride, k, depth, n, n + Width, panel, destination);
            }
            // A tile of A, 4 to 6 rows: what a stored vector spills into the next k is overwritten by that k; the last
            // one is left to the loop below.
            if (n == 0 && columns == panel && columns is >= 4 and < Width)
            {
                var k = 0;
                for (; k < depth - Width; k += Width)
                    BlockTranspose.Run((float*)b + k, stride, columns, (float*)destination + (nint)k * panel, panel);
                Elements(b, stride, k, depth, 0, columns, panel, destination);
                return;
            }
        }
        Elements(b, stride, 0, depth, n, columns, panel, destination);
    }

    static void Elements<T>(T* b, nint stride, int firstDepth, int endDepth, int first, int end, int panel,
        T* destination) where T : unmanaged
    {
        for (var n = first; n < end; n++)
        {
            var source = b + n * stride;
            for (var k = firstDepth; k < endDepth; k++) destination[(nint)k * panel + n] = source[k];
        }
    }

    // Rows of whole panels: a row's pieces lie side by side, so each row is met once and not once a panel.
    static void Copy<T>(T* b, nint stride, int depth, int panels, int panel, T* destination) where T : unmanaged
    {
        for (var k = 0; k < depth; k++)
        {
            Expect(b + (k + RowsAhead) * stride, panels * panel);
            CopyRow(b + k * stride, panels, panel, destination + (nint)k * panel, (nint)depth * panel,
                isLast: k == depth - 1);
        }
    }

    // Rows that are far apart come from the outer caches one at a time unless they are asked for in time.
    static void Expect<T>(T* row, int columns) where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        const int Line = 64;
        var (first, end) = ((nint)row & -Line, (nint)(row + columns));
        for (var line = first; line < end; line += Line) Sse.Prefetch0((void*)line);
    }

    static void CopyRow<T>(T* from, int panels, int panel, T* to, nint between, bool isLast) where T : unmanaged
    {
        if (typeof(T) == typeof(float) && Vector256.IsHardwareAccelerated && panel == 2 * BlockTranspose.Width)
            for (; panels > 0; panels--, from += panel, to += between)
            {
                Vector256.Load((float*)from).Store((float*)to);
                Vector256.Load((float*)from + BlockTranspose.Width).Store((float*)to + BlockTranspose.Width);
            }
        // As above: a whole vector for 4 to 6 elements, and the row after it puts right what it spilled. Never at the
        // last row, behind which nothing need lie.
        else if (typeof(T) == typeof(float) && Vector256.IsHardwareAccelerated
            && panel is >= 4 and < BlockTranspose.Width && !isLast)
            for (; panels > 0; panels--, from += panel, to += between) Vector256.Load((float*)from).Store((float*)to);
        else
            for (; panels > 0; panels--, from += panel, to += between)
                new ReadOnlySpan<T>(from, panel).CopyTo(new Span<T>(to, panel));
    }
}
