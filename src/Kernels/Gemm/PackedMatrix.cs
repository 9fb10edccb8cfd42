using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// The right-hand operand of a product, op(b) [Depth x Columns], copied into the order the micro-kernel reads: blocks
/// of depth, in each the panels, in each for every k the panel's columns; zeros right of the last column. Made by
/// <see cref="CpuGemm{T}.Pack"/>, for operands used more than once.
/// </summary>
public sealed unsafe class PackedMatrix<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly HostBuffer<T> buffer;
    readonly int panelColumns, fullDepth;

    /// <summary>
    /// Room for depth blocks <paramref name="firstBlock"/> to <paramref name="endBlock"/> - 1 of a product of depth
    /// <paramref name="fullDepth"/>.
    /// </summary>
    internal PackedMatrix(CpuDevice device, int fullDepth, int firstBlock, int endBlock, int columns, int panelColumns)
    {
        this.panelColumns = panelColumns;
        this.fullDepth = fullDepth;
        (FirstBlock, EndBlock, Columns) = (firstBlock, endBlock, columns);
        Panels = (columns + panelColumns - 1) / panelColumns;
        var depth = Packing.DepthStart(fullDepth, endBlock) - Packing.DepthStart(fullDepth, firstBlock);
        buffer = (HostBuffer<T>)device.Allocate<T>((long)depth * Panels * panelColumns);
    }

    /// <summary>K, the length of the products' sums.</summary>
    public int Depth => fullDepth;

    /// <summary>N, the columns of the products.</summary>
    public int Columns { get; }
    internal int Panels { get; }
    internal int FirstBlock { get; }
    internal int EndBlock { get; }

    internal T* Panel(int block, int panel)
    {
        var start = Packing.DepthStart(fullDepth, block);
        var before = start - Packing.DepthStart(fullDepth, FirstBlock);
        var depth = Packing.DepthStart(fullDepth, block + 1) - start;
        return buffer.Pointer + ((nint)before * Panels + (nint)depth * panel) * panelColumns;
    }

    /// <summary>Throws where a product whose panels are <paramref name="columns"/> wide cannot read this.</summary>
    /// <exception cref="ShapeException">It was packed for another width of vectors.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    internal void ThrowIfNotFor(int columns)
    {
        buffer.ThrowIfDisposed();
        if (panelColumns != columns)
            throw new ShapeException("matrix product",
                $"packed b has panels of {panelColumns} columns, and this product reads {columns}: pack b by the same "
                + "object.");
    }

    /// <summary>Columns of the panel that are real: fewer than a panel's at the right edge.</summary>
    internal int ColumnsOf(int panel) => Math.Min(panelColumns, Columns - panel * panelColumns);

    /// <summary>
    /// Fills the panels from <paramref name="first"/> to <paramref name="end"/> - 1. b is element (0, 0) of op(b);
    /// where <paramref name="transposed"/>, op(b)(k, n) is b[n · stride + k].
    /// </summary>
    internal void Fill(bool transposed, T* b, nint stride, int first, int end)
    {
        for (var block = FirstBlock; block < EndBlock; block++)
        {
            var start = Packing.DepthStart(fullDepth, block);
            var depth = Packing.DepthStart(fullDepth, block + 1) - start;
            var column = (nint)first * panelColumns;
            Packing.Panels(transposed, transposed ? b + column * stride + start : b + start * stride + column, stride,
                depth,
                Math.Min(end * panelColumns, Columns) - first * panelColumns, panelColumns, Panel(block, first));
        }
    }

    /// <summary>Gives the memory back to the device.</summary>
    public void Dispose() => buffer.Dispose();
}
