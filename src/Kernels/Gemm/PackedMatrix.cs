using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Storage;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// The right-hand operand of a product, op(b) [Depth x Columns], copied into the order the micro-kernel reads: blocks
/// of depth, in each the panels, in each for every k the panel's columns; zeros right of the last column. Made by
/// <see cref="CpuGemm{T}.Pack"/>, for operands used more than once.
/// </summary>
public sealed unsafe class PackedMatrix<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly CpuDevice device;
    readonly HostBuffer<T>? buffer;
    readonly HostBuffer<ushort>? rounded;
    readonly int panelColumns, fullDepth;

    /// <summary>
    /// Room for depth blocks <paramref name="firstBlock"/> to <paramref name="endBlock"/> - 1 of a product of depth
    /// <paramref name="fullDepth"/>.
    /// </summary>
    internal PackedMatrix(CpuDevice device, int fullDepth, int firstBlock, int endBlock, int columns, int panelColumns)
        : this(device, fullDepth, firstBlock, endBlock, columns, panelColumns, isRounded: false)
    {
    }

    PackedMatrix(CpuDevice device, int fullDepth, int firstBlock, int endBlock, int columns, int panelColumns,
        bool isRounded)
    {
        this.device = device;
        this.panelColumns = panelColumns;
        this.fullDepth = fullDepth;
        (FirstBlock, EndBlock, Columns) = (firstBlock, endBlock, columns);
        Panels = (columns + panelColumns - 1) / panelColumns;
        var depth = Packing.DepthStart(fullDepth, endBlock) - Packing.DepthStart(fullDepth, firstBlock);
        var elements = (long)depth * Panels * panelColumns;
        if (isRounded) rounded = (HostBuffer<ushort>)device.Allocate<ushort>(elements);
        else buffer = (HostBuffer<T>)device.Allocate<T>(elements);
    }

    /// <summary>
    /// The same rounded to bfloat16, in half the memory: products widen a panel where they are about to read it.
    /// </summary>
    /// <exception cref="UnsupportedOnDeviceException">The numbers are no floats.</exception>
    /// <exception cref="InvalidOperationException">It is rounded already.</exception>
    internal PackedMatrix<T> Rounded()
    {
        if (typeof(T) != typeof(float))
            throw new UnsupportedOnDeviceException($"bfloat16 is what floats are rounded to, not {typeof(T).Name}.");
        if (rounded is not null) throw new InvalidOperationException("The matrix is rounded already.");
        var made = new PackedMatrix<T>(device, fullDepth, FirstBlock, EndBlock, Columns, panelColumns, isRounded: true);
        var from = (float*)buffer!.Pointer;
        var to = made.rounded!.Pointer;
        CpuLoops.OverBlocks(device, buffer.Length, (_, start, length) =>
            Bfloat16.Round(new(from + start, length), new(to + start, length)));
        return made;
    }

    /// <summary>K, the length of the products' sums.</summary>
    public int Depth => fullDepth;

    /// <summary>N, the columns of the products.</summary>
    public int Columns { get; }

    /// <summary>Bytes that it takes.</summary>
    internal long Bytes => buffer?.Length * sizeof(T) ?? rounded!.Length * sizeof(ushort);

    internal int Panels { get; }
    internal int FirstBlock { get; }
    internal int EndBlock { get; }

    /// <summary>Elements of the scratch memory that <see cref="Panel(int, int, T*)"/> may need.</summary>
    internal int PanelScratch => rounded is null ? 0 : Packing.MaxDepth * panelColumns;

    /// <summary>A panel for the micro-kernel, widened where it is rounded.</summary>
    /// <param name="block">Of depth.</param>
    /// <param name="panel">Of columns.</param>
    /// <param name="scratch"><see cref="PanelScratch"/> elements.</param>
    internal T* Panel(int block, int panel, T* scratch)
    {
        if (rounded is null) return buffer!.Pointer + PanelStart(block, panel, out _);
        var start = PanelStart(block, panel, out var depth);
        var elements = depth * panelColumns;
        Bfloat16.Widen(new ReadOnlySpan<ushort>(rounded.Pointer + start, elements), new Span<float>(scratch, elements));
        return scratch;
    }

    T* Panel(int block, int panel) => buffer!.Pointer + PanelStart(block, panel, out _);

    nint PanelStart(int block, int panel, out int depth)
    {
        var start = Packing.DepthStart(fullDepth, block);
        var before = start - Packing.DepthStart(fullDepth, FirstBlock);
        depth = Packing.DepthStart(fullDepth, block + 1) - start;
        return ((nint)before * Panels + (nint)depth * panel) * panelColumns;
    }

    /// <summary>Throws where a product whose panels are <paramref name="columns"/> wide cannot read this.</summary>
    /// <exception cref="ShapeException">It was packed for another width of vectors.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    internal void ThrowIfNotFor(int columns)
    {
        buffer?.ThrowIfDisposed();
        rounded?.ThrowIfDisposed();
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
    public void Dispose()
    {
        buffer?.Dispose();
        rounded?.Dispose();
    }
}
