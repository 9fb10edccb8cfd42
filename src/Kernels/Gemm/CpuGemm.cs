using System.Numerics;
using System.Runtime.CompilerServices;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Simd;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// Matrix products on the CPU (Goto and van de Geijn, TOMS 2008: panels packed for the caches around a register tile).
/// B is packed in chunks by all threads, then blocks of C are shared among them; depth is never cut between threads.
/// Rows of A are copied too, a block at a time, where enough columns read them.
/// </summary>
sealed unsafe class CpuGemm<T>(CpuDevice device, SimdWidth? width = null) : IPackingGemm<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Elements of packed B that all rows of A meet before the next ones: 4 MB of floats, a fraction of a third-level
    /// cache.
    /// </summary>
    const long ChunkElements = 1 << 20;

    /// <summary>Most columns packed at a time.</summary>
    const int ChunkColumns = 4096;

    /// <summary>Multiply-adds below which a fork costs more than it saves.</summary>
    const long SerialWork = 200_000;

    /// <summary>Up to this many rows A·Bᵀ is computed as (B·Aᵀ)ᵀ: packing B would cost more than it saves.</summary>
    const int FewRows = 32;

    /// <summary>Panels that a block of A must meet to be worth copying.</summary>
    const int PanelsWorthACopy = 4;

    readonly MicroKernel<T> kernel = MicroKernel<T>.Create(width);

    public void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None, ProductDropout dropout = default)
    {
        var (rows, depth, columns) = GemmChecks.Product(device, kind, a, b, c, accumulate, bias, activation, dropout);
        if (rows == 0 || columns == 0) return;

        var mask = dropout.Mask<T>();
        var (masksLeft, masksRight) = (dropout.Operand == ProductOperand.A, dropout.Operand == ProductOperand.B);
        // B, and A read transposed, are copied in runs too short to draw a mask for in passing; few rows of A by
        // several blocks, each of which would draw it.
        if (masksRight || masksLeft && (rows <= 4 * device.Workers.Threads * Packing.RowBlock || kind == GemmKind.TN))
        {
            using var copy = Dropped(masksLeft ? a : b, mask, out var dropped);
            Multiply(kind, masksLeft ? dropped : a, masksRight ? dropped : b, c, accumulate, bias, activation);
            return;
        }
        if (kind == GemmKind.NT && rows <= FewRows && columns > rows)
        {
            using var few = PackAll(transposed: true, a, depth, rows);
            Compute(new Operand(b, false), few, new Target(c, bias, accumulate, activation, transposed: true), columns,
                0, few.EndBlock);
            return;
        }
        var chunkColumns = Math.Min(columns, ChunkColumns);
        var depthBlocks = Packing.DepthBlocks(depth);
        var blocksAtOnce = BlocksAtOnce(depth, chunkColumns);
        var left = new Operand(a, kind == GemmKind.TN, masksLeft ? mask : null);
        for (var column = 0; column < columns; column += chunkColumns)
        {
            var count = Math.Min(chunkColumns, columns - column);
            var source = kind == GemmKind.NT ? b.SliceRows(column, count) : b.SliceColumns(column, count);
            var target =
                new Target(c.SliceColumns(column, count), bias.IsNone ? bias : bias.SliceColumns(column, count),
                accumulate, activation, transposed: false);
            for (var block = 0; block < depthBlocks; block += blocksAtOnce)
            {
                using var packed = new PackedMatrix<T>(device, depth, block,
                    Math.Min(depthBlocks, block + blocksAtOnce), count, kernel.Columns);
                Fill(packed, kind == GemmKind.NT, source);
                Compute(left, packed, target, rows, packed.FirstBlock, packed.EndBlock);
            }
        }
    }

    static int BlocksAtOnce(int depth, int columns)
    {
        var blocks = Packing.DepthBlocks(depth);
        return (int)Math.Clamp(ChunkElements / Math.Max(1, (long)columns * (depth / blocks)), 1, blocks);
    }

    /// <summary>Packs b (or its transpose) once, for many products with it on the right.</summary>
    public PackedMatrix<T> Pack(MatrixView<T> b, bool transposed)
    {
        Shapes.Present(device, nameof(Pack), nameof(b), b);
        return transposed ? PackAll(true, b, b.Columns, b.Rows) : PackAll(false, b, b.Rows, b.Columns);
    }

    /// <inheritdoc/>
    public void Multiply(MatrixView<T> a, PackedMatrix<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(b);
        b.ThrowIfNotFor(kernel.Columns);
        GemmChecks.Packed(device, a, b, c, accumulate, bias, activation);
        if (c.Count == 0) return;
        var blocksAtOnce = BlocksAtOnce(b.Depth, b.Columns);
        for (var block = 0; block < b.EndBlock; block += blocksAtOnce)
            Compute(new Operand(a, false), b, new Target(c, bias, accumulate, activation, transposed: false),
                a.Rows, block, Math.Min(b.EndBlock, block + blocksAtOnce));
    }

    /// <summary>
    /// c [rows x b.Columns] += a [rows x b.Depth] · b (= where not <paramref name="accumulate"/>), on the calling
    /// thread alone.
    /// </summary>
    internal void MultiplyHere(T* a, int aStride, int rows, PackedMatrix<T> b, T* c, int cStride, bool accumulate)
    {
        if (rows > 0)
            Block(new Operand(a, aStride), b, new Target(c, cStride, accumulate), 0, rows, 0, b.Panels, 0, b.EndBlock);
    }

    PackedMatrix<T> PackAll(bool transposed, MatrixView<T> b, int depth, int columns)
    {
        var packed = new PackedMatrix<T>(device, depth, 0, Packing.DepthBlocks(depth), columns, kernel.Columns);
        Fill(packed, transposed, b);
        return packed;
    }

    DeviceBuffer<T> Dropped(MatrixView<T> matrix, DropoutMask<T> mask, out MatrixView<T> dropped)
    {
        var buffer = device.Allocate<T>(matrix.Count);
        dropped = new(buffer, 0, matrix.Rows, matrix.Columns, matrix.Columns);
        CpuDropout<T>.Apply(device, matrix, dropped, mask, accumulate: false);
        return buffer;
    }

    void Fill(PackedMatrix<T> packed, bool transposed, MatrixView<T> b)
    {
        if (b.Count == 0) return;
        var source = b.Pointer;
        var stride = b.RowStride;
        var parts = (int)Math.Clamp(b.Count / CpuLoops.ParallelGrain, 1, packed.Panels);
        device.Workers.Run(parts, i =>
            packed.Fill(transposed, source, stride, Packing.PartStart(packed.Panels, parts, i),
                Packing.PartStart(packed.Panels, parts, i + 1)));
    }

    void Compute(Operand a, PackedMatrix<T> b, Target c, int rows, int firstBlock, int endBlock)
    {
        if ((long)rows * b.Columns * Math.Max(1, b.Depth) <= SerialWork || device.Workers.Threads == 1)
        {
            RowBlocks(a, b, c, rows, firstBlock, endBlock);
            return;
        }
        var rowBlocks = (rows + Packing.RowBlock - 1) / Packing.RowBlock;
        // As many for every thread: the odd one out would keep the others waiting.
        rowBlocks = (rowBlocks + device.Workers.Threads - 1) / device.Workers.Threads * device.Workers.Threads;
        var panelBlocks = Math.Clamp((4 * device.Workers.Threads + rowBlocks - 1) / rowBlocks, 1,
            Math.Max(1, b.Panels / 2));
        if (rowBlocks * panelBlocks < device.Workers.Threads)
            rowBlocks =
                Math.Min(4 * device.Workers.Threads, (rows + MicroKernel<T>.MaxRows - 1) / MicroKernel<T>.MaxRows);
        device.Workers.Run(rowBlocks * panelBlocks, i =>
        {
            var (rowBlock, panelBlock) = (i / panelBlocks, i % panelBlocks);
            Block(a, b, c, Packing.PartStart(rows, rowBlocks, rowBlock),
                Packing.PartStart(rows, rowBlocks, rowBlock + 1),
                Packing.PartStart(b.Panels, panelBlocks, panelBlock),
                Packing.PartStart(b.Panels, panelBlocks, panelBlock + 1), firstBlock, endBlock);
        });
    }

    void RowBlocks(Operand a, PackedMatrix<T> b, Target c, int rows, int firstBlock, int endBlock)
    {
        var blocks = (rows + Packing.RowBlock - 1) / Packing.RowBlock;
        for (var i = 0; i < blocks; i++)
            Block(a, b, c, Packing.PartStart(rows, blocks, i), Packing.PartStart(rows, blocks, i + 1), 0, b.Panels,
                firstBlock, endBlock);
    }

    // Rows of A times panels of B, some depth blocks of the pack: the rows of A stay in the second-level cache, a panel
    // in the first-level one.
    void Block(Operand a, PackedMatrix<T> b, Target c, int firstRow, int endRow, int firstPanel, int endPanel,
        int firstBlock, int endBlock)
    {
        var rows = endRow - firstRow;
        if (rows == 0) return;
        var (larger, smaller) = TileGroup.Spread(rows, MicroKernel<T>.MaxRows);
        var edge = stackalloc T[MicroKernel<T>.MaxRows * kernel.Columns];
        var edgeBias = stackalloc T[kernel.Columns];
        var widened = stackalloc T[b.PanelScratch];
        using var copy = a.MustCopy || endPanel - firstPanel >= PanelsWorthACopy
            ? (HostBuffer<T>)device.Allocate<T>((long)rows * Packing.MaxDepth) : null;
        for (var block = firstBlock; block < endBlock; block++)
        {
            var start = Packing.DepthStart(b.Depth, block);
            var depth = Packing.DepthStart(b.Depth, block + 1) - start;
            if (copy != null)
            {
                a.Copy(copy.Pointer, firstRow, larger, start, depth);
                a.Copy(copy.Pointer, firstRow, smaller, start, depth);
            }
            var store = (c.Accumulate || block > 0
                ? TileStore.Add : 0) | (c.Relu && block + 1 == Packing.DepthBlocks(b.Depth) ? TileStore.Relu : 0);
            var bias = block + 1 == Packing.DepthBlocks(b.Depth) ? c.Bias : null;
            for (var panel = firstPanel; panel < endPanel; panel++)
            {
                var packed = b.Panel(block, panel, widened);
                Tiles(larger, panel, packed);
                Tiles(smaller, panel, packed);
            }

            void Tiles(TileGroup group, int panel, T* packed)
            {
                var (_, tiles, tileRows) = group;
                if (tiles == 0) return;
                var column = panel * kernel.Columns;
                var columns = b.ColumnsOf(panel);
                var row = firstRow + group.FirstRow;
                var source = copy != null
                    ? copy.Pointer + (nint)group.FirstRow * depth : a.Source + (nint)row * a.Stride + start;
                var (rowStep, depthStep) = copy != null ? (1, tileRows) : (a.Stride, 1);
                if (columns == kernel.Columns && !c.Transposed)
                {
                    kernel.Run(tileRows, tiles, depth, source, rowStep, depthStep, packed, c.Row(row) + column,
                        c.Stride,
                        bias == null ? null : bias + column, store);
                    return;
                }
                for (; tiles > 0; tiles--, row += tileRows, source += (nint)tileRows * (copy != null
                    ? depth : a.Stride))
                {
                    if (c.Transposed)
                    {
                        kernel.Run(tileRows, 1, depth, source, rowStep, depthStep, packed, edge, kernel.Columns, null,
                            TileStore.Overwrite);
                        c.Finish(edge, kernel.Columns, row, tileRows, column, columns, bias, store);
                        continue;
                    }
                    var target = c.Row(row) + column;
                    if ((store & TileStore.Add) != 0)
                        CopyRows(target, c.Stride, edge, kernel.Columns, tileRows, columns);
                    if (bias != null) CopyRows(bias + column, 0, edgeBias, 0, 1, columns);
                    kernel.Run(tileRows, 1, depth, source, rowStep, depthStep, packed, edge, kernel.Columns,
                        bias == null ? null : edgeBias, store);
                    CopyRows(edge, kernel.Columns, target, c.Stride, tileRows, columns);
                }
            }
        }
    }

    static void CopyRows(T* source, nint sourceStride, T* destination, nint destinationStride, int rows, int columns)
    {
        for (var r = 0; r < rows; r++)
            new ReadOnlySpan<T>(source + r * sourceStride, columns).CopyTo(
                new Span<T>(destination + r * destinationStride, columns));
    }

    /// <summary>A: rows where they lie, or columns (its transpose); or rows to be dropped out on the way.</summary>
    readonly struct Operand(T* source, int stride, bool transposed = false, DropoutMask<T>? mask = null)
    {
        public Operand(MatrixView<T> view, bool transposed, DropoutMask<T>? mask = null)
            : this(view.Count == 0 ? null : view.Pointer, view.RowStride, transposed, mask) { }

        public T* Source => source;
        public int Stride => stride;

        /// <summary>
        /// Columns, rows to be dropped out, and rows whose starts fall on the same cache lines' slots.
        /// </summary>
        public bool MustCopy => transposed || mask is not null || (long)stride * sizeof(T) % 1024 == 0;

        /// <summary>
        /// Copies tiles of a block to where they lie in the block's copy: tile after tile, in a tile k after k;
        /// element (r, k) of a tile of n rows is at [k · n + r].
        /// </summary>
        public void Copy(T* copy, int firstRow, TileGroup group, int start, int depth)
        {
            var (groupStart, tiles, tileRows) = group;
            var destination = copy + (nint)groupStart * depth;
            var row = (nint)firstRow + groupStart;
            if (mask is { } dropped)
                for (; tiles > 0; tiles--, row += tileRows, destination += (nint)tileRows * depth)
                    CopyDropped(dropped, destination, row, tileRows, start, depth);
            else
                Packing.Panels(!transposed,
                    transposed ? source + (nint)start * stride + row : source + row * stride + start,
                    stride, depth, tiles * tileRows, tileRows, destination);
        }

        [SkipLocalsInit]
        void CopyDropped(DropoutMask<T> dropped, T* destination, nint row, int count, int start, int depth)
        {
            var rows = stackalloc T[MicroKernel<T>.MaxRows * Packing.MaxDepth];
            for (var r = 0; r < count; r++)
                DropoutRun.Apply(dropped, dropped.Element(row + r, start),
                    new ReadOnlySpan<T>(source + (row + r) * stride + start, depth),
                    new Span<T>(rows + (nint)r * depth, depth));
            Packing.Panels(transposed: true, rows, depth, depth, count, count, destination);
        }
    }

    /// <summary>C and what comes with it; transposed where the product's rows are C's columns.</summary>
    readonly struct Target(T* destination, int stride, bool accumulate, T* bias = null, bool relu = false,
        bool transposed = false)
    {
        public Target(MatrixView<T> c, MatrixView<T> bias, bool accumulate, Activation activation, bool transposed)
            : this(c.Pointer, c.RowStride, accumulate, bias.IsNone ? null : bias.Pointer, activation == Activation.Relu,
                transposed) { }

        public T* Row(int row) => destination + (nint)row * stride;
        public int Stride => stride;
        public bool Accumulate => accumulate;
        public T* Bias => bias;
        public bool Relu => relu;
        public bool Transposed => transposed;

        /// <summary>Brings a tile to a transposed C as the micro-kernel would, element by element.</summary>
        public void Finish(T* tile, int tileStride, int row, int rows, int column, int columns, T* biasOrNull,
            TileStore store)
        {
            for (var r = 0; r < rows; r++)
                for (var j = 0; j < columns; j++)
                {
                    var address = destination + (nint)(column + j) * stride + row + r;
                    var value = tile[r * tileStride + j];
                    if ((store & TileStore.Add) != 0) value = *address + value;
                    if (biasOrNull != null) value += biasOrNull[row + r];
                    if ((store & TileStore.Relu) != 0) value = T.Max(value, T.Zero);
                    *address = value;
                }
        }
    }
}
