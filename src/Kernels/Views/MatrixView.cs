using System.Runtime.CompilerServices;
using ILGPU;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Views;

/// <summary>
/// Rows of a buffer a fixed stride apart, each contiguous: what every kernel takes. A tensor [T, B, n] is T·B rows of
/// n; a slice of columns is the same rows with a later offset, so dense concatenation never copies.
/// </summary>
public readonly struct MatrixView<T> where T : unmanaged
{
    /// <summary>Rows of a buffer.</summary>
    /// <param name="buffer">Holds them; it must outlive the view.</param>
    /// <param name="offset">Element of the buffer where row 0 starts.</param>
    /// <param name="rows">How many; 0 is allowed.</param>
    /// <param name="columns">Elements of a row; 0 is allowed.</param>
    /// <param name="rowStride">
    /// Elements from one row's start to the next one's, at least <paramref name="columns"/>.
    /// </param>
    /// <exception cref="ShapeException">The rows overlap, are negative, or end behind the buffer.</exception>
    public MatrixView(DeviceBuffer<T> buffer, long offset, int rows, int columns, int rowStride)
    {
        if (rows < 0 || columns < 0 || offset < 0 || rowStride < columns)
            throw new ShapeException("view",
                $"offset {offset}, {rows} x {columns}, row stride {rowStride} is no view.");
        ArgumentNullException.ThrowIfNull(buffer);
        if (rows > 0 && columns > 0 && offset > buffer.Length - columns - (long)(rows - 1) * rowStride)
            throw new ShapeException("view",
                $"{rows} x {columns} (row stride {rowStride}) from {offset} on ends behind the "
                + $"buffer's {buffer.Length} elements.");
        (Buffer, Offset, Rows, Columns, RowStride) = (buffer, offset, rows, columns, rowStride);
    }

    /// <summary>What holds the elements; null in the default value.</summary>
    public DeviceBuffer<T> Buffer { get; }

    /// <summary>Element of the buffer where row 0 starts.</summary>
    public long Offset { get; }

    /// <summary>How many rows; for a tensor [T, B, n] it is T·B.</summary>
    public int Rows { get; }

    /// <summary>Elements of a row.</summary>
    public int Columns { get; }

    /// <summary>Elements from one row's start to the next one's.</summary>
    public int RowStride { get; }

    /// <summary>Elements, the gaps between rows left out.</summary>
    public long Count => (long)Rows * Columns;

    /// <summary>Whether the default value was passed: an optional operand that is not there.</summary>
    public bool IsNone => Buffer is null;

    /// <summary>Whether the rows follow each other without gaps.</summary>
    public bool IsContiguous => RowStride == Columns || Rows <= 1;

    /// <summary>Whether each row starts on a multiple of 16 bytes, as buffers do on every device.</summary>
    public bool HasRowsOn16Bytes => Offset * Unsafe.SizeOf<T>() % 16 == 0
        && (long)RowStride * Unsafe.SizeOf<T>() % 16 == 0;

    /// <summary>
    /// The elements from the first to the last one, gaps between rows included, for a launch;
    /// element (r, c) is at r · <see cref="RowStride"/> + c.
    /// </summary>
    public ArrayView<T> Array => IsNone || Count == 0
        ? default : Buffer.ViewOf(Offset, (long)(Rows - 1) * RowStride + Columns);

    /// <summary>The matrix as a kernel's parameter.</summary>
    /// <param name="view">Or none, which becomes an operand that is not there.</param>
    public static implicit operator Matrix<T>(MatrixView<T> view) => new(view.Array, view.RowStride);

    /// <summary>
    /// The elements in row order without gaps, for a launch of a kernel that knows no rows; empty for no view.
    /// </summary>
    /// <exception cref="ShapeException">The rows have gaps between them.</exception>
    public ArrayView<T> Contiguous => IsNone || IsContiguous
        ? Array
        : throw new ShapeException("contiguous view",
            $"the rows of {this} do not follow each other: copy it first, or pass the kernel the row stride.");

    /// <summary>First element, on the CPU.</summary>
    /// <exception cref="InvalidCastException">The elements are on another device.</exception>
    /// <exception cref="InvalidOperationException">The default value was passed, which has none.</exception>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device.</exception>
    public unsafe T* Pointer =>
        Buffer is null ? throw NoElements() : ((HostBuffer<T>)Buffer).Pointer + Offset;

    /// <summary>One row, on the CPU.</summary>
    /// <param name="row">From 0.</param>
    /// <exception cref="InvalidCastException">The elements are on another device.</exception>
    /// <exception cref="ShapeException">The view has no such row.</exception>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device.</exception>
    public unsafe Span<T> Row(int row)
    {
        if (Buffer is null) throw NoElements();
        if ((uint)row >= (uint)Rows) throw NoRow(row);
        return new(Pointer + (long)row * RowStride, Columns);
    }

    /// <summary>
    /// Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/>: the same memory.
    /// </summary>
    /// <param name="start">From 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ShapeException">The view has not all of them.</exception>
    public MatrixView<T> SliceRows(int start, int count)
    {
        var rows = Shapes.Part(start, count, Rows);
        return IsNone ? default : new(Buffer, Offset + (long)start * RowStride, rows, Columns, RowStride);
    }

    /// <summary>
    /// Columns <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of every row: the same
    /// memory.
    /// </summary>
    /// <param name="start">From 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ShapeException">The view has not all of them.</exception>
    public MatrixView<T> SliceColumns(int start, int count)
    {
        var columns = Shapes.Part(start, count, Columns);
        return IsNone ? default : new(Buffer, Offset + start, Rows, columns, RowStride);
    }

    /// <summary>The same elements in another number of rows; only where the rows follow without gaps.</summary>
    /// <param name="rows">How many; with the columns as many elements as before.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <exception cref="ShapeException">
    /// There are gaps between the rows, or the number of elements is another.
    /// </exception>
    public MatrixView<T> Reshape(int rows, int columns)
    {
        if (!IsContiguous || (long)rows * columns != Count)
            throw new ShapeException("reshape", $"{this} cannot be seen as {rows} x {columns}.");
        return IsNone ? default : new(Buffer, Offset, rows, columns, columns);
    }

    /// <summary>Whether an element is in both views; exact where rows alternate too.</summary>
    /// <param name="other">Or none, which has no element.</param>
    public bool SharesElements(MatrixView<T> other) => Overlap.SharesElements(this, other);

    /// <summary>The same view, where it is known that T is <typeparamref name="TKnown"/>.</summary>
    internal MatrixView<TKnown> As<TKnown>() where TKnown : unmanaged => typeof(T) == typeof(TKnown)
        ? Unsafe.BitCast<MatrixView<T>, MatrixView<TKnown>>(this)
        : throw new InvalidCastException($"A view of {typeof(T).Name} is none of {typeof(TKnown).Name}.");

    static InvalidOperationException NoElements() => new("The default value of a view has no elements to point to.");

    ShapeException NoRow(int row) => new("row", $"{row} of {this}, whose rows are 0 to {Rows - 1}.");

    /// <returns><c>[rows x columns]</c>, with the row stride where there are gaps: as errors show it.</returns>
    public override string ToString() => $"[{Rows} x {Columns}{(IsContiguous ? "" : $", row stride {RowStride}")}]";
}
