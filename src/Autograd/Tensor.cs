using System.Numerics;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// A dense array of T (float for work, double for verification) on a device: storage, offset, shape, row stride. The
/// last dimension is contiguous; slices and reshapes are views that share storage and gradient with their root, so they
/// cost nothing and need no backward pass.
/// </summary>
public class Tensor<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Tensor<T> root;
    readonly long offset;
    readonly int rowStride;
    bool requiresGradient;

    internal Tensor(DeviceBackend<T> backend, Shape shape, bool scoped = true)
        : this(backend, shape, Allocate(backend, shape), scoped) { }

    internal Tensor(DeviceBackend<T> backend, Shape shape, DeviceBuffer<T> buffer, bool scoped = true)
    {
        Storage = new Storage<T>(backend, buffer, scoped);
        Shape = shape;
        rowStride = shape.Columns;
        root = this;
    }

    static DeviceBuffer<T> Allocate(DeviceBackend<T> backend, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend.Device.Allocate<T>(shape.Count);
    }

    Tensor(Tensor<T> root, Shape shape, long offset, int rowStride) =>
        (this.root, Storage, Shape, this.offset, this.rowStride) = (root, root.Storage, shape, offset, rowStride);

    internal Storage<T> Storage { get; }

    /// <summary>The operations of the device that the tensor is on.</summary>
    public DeviceBackend<T> Backend => Storage.Backend;

    /// <summary>Sizes of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>
    /// The values as rows of columns, for kernels to read. Writing through it skips the version check: use
    /// <see cref="Mutate"/>.
    /// </summary>
    public MatrixView<T> View => new(Storage.Buffer, offset, Shape.Rows, Shape.Columns, rowStride);

    /// <summary>
    /// Whether backward passes compute this tensor's gradient. Set on leaves; follows from the inputs elsewhere.
    /// </summary>
    /// <exception cref="ObjectDisposedException">Set when the tensor's scope has ended.</exception>
    public bool RequiresGradient
    {
        get => root.requiresGradient;
        set
        {
            Storage.ThrowIfDisposed();
            root.requiresGradient = value;
        }
    }

    /// <summary>Whether the tensor covers its storage from end to end.</summary>
    internal bool IsWhole => offset == 0 && Shape.Count == Storage.Buffer.Length;

    /// <summary>
    /// The gradient that the last backward pass left, shaped like this tensor; none where no pass reached it or it was
    /// released.
    /// </summary>
    public MatrixView<T> Gradient => Storage is { HasGradient: true, Gradient: { } gradient }
        ? new(gradient, offset, Shape.Rows, Shape.Columns, rowStride)
        : default;

    /// <summary>For writing in place: operations that saved the old values will refuse to run backward.</summary>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public MatrixView<T> Mutate()
    {
        Storage.ThrowIfDisposed();
        Storage.Version++;
        return View;
    }

    /// <summary>
    /// The same values under another shape. The rows must follow each other without gaps, unless only leading
    /// dimensions change.
    /// </summary>
    /// <param name="sizes">With as many elements together as there are; none make a scalar's.</param>
    /// <exception cref="ShapeException">The number of elements is another, or there are gaps between rows.</exception>
    public Tensor<T> Reshape(params ReadOnlySpan<int> sizes)
    {
        var shape = new Shape(sizes);
        if (shape.Count != Shape.Count)
            throw new ShapeException("Reshape", $"{Shape} has {Shape.Count} elements, {shape} {shape.Count}.");
        if (shape.Columns == Shape.Columns) return new(root, shape, offset, rowStride);
        if (!View.IsContiguous)
            throw new ShapeException("Reshape",
                $"{Shape} (row stride {rowStride}) to {shape}: the rows have gaps; copy first.");
        return new(root, shape, offset, shape.Columns);
    }

    /// <summary>
    /// Columns <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of every row, as a view.
    /// </summary>
    /// <param name="start">From 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ShapeException">The tensor has not all of them.</exception>
    public Tensor<T> Columns(int start, int count)
    {
        if (start < 0 || count < 0 || start > Shape.Columns - count)
            throw new ShapeException("Columns", $"{count} from {start} on, of {Shape}.");
        return new(root, Shape.WithColumns(count), offset + start, rowStride);
    }

    /// <summary>
    /// Entries <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of the first dimension,
    /// as a view.
    /// </summary>
    /// <param name="start">From 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ShapeException">The tensor has not all of them, or has less than two dimensions.</exception>
    public Tensor<T> Slice(int start, int count)
    {
        if (Shape.Rank < 2 || start < 0 || count < 0 || start > Shape[0] - count)
            throw new ShapeException("Slice", $"{count} from {start} on, of the first dimension of {Shape}.");
        var rowsEach = Shape[0] == 0 ? 0 : Shape.Rows / Shape[0];
        return new(root, new([count, .. Shape.Sizes[1..]]), offset + (long)start * rowsEach * rowStride, rowStride);
    }

    /// <summary>Values in row order, on the host.</summary>
    /// <exception cref="ShapeException">They are more than an array holds.</exception>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public T[] ToArray() => Read(View);

    /// <summary>The gradient in row order, on the host; null where there is none.</summary>
    /// <exception cref="ShapeException">It has more elements than an array holds.</exception>
    public T[]? GradientToArray() => Gradient is { IsNone: false } gradient ? Read(gradient) : null;

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="ShapeException">It has another number of elements.</exception>
    public double Item()
    {
        if (Shape.Count != 1) throw new ShapeException("Item", $"{Shape} has {Shape.Count} elements, not one.");
        return double.CreateChecked(ToArray()[0]);
    }

    /// <summary>Overwrites all values, in row order.</summary>
    /// <param name="values">One for each element.</param>
    /// <exception cref="ShapeException">There is another number of values.</exception>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public void CopyFrom(ReadOnlySpan<T> values)
    {
        if (values.Length != Shape.Count) throw new ShapeException("CopyFrom", $"{values.Length} values for {Shape}.");
        var view = Mutate();
        if (view.IsContiguous) view.Buffer.CopyFrom(values, view.Offset);
        else
            for (var row = 0; row < view.Rows; row++)
                view.Buffer.CopyFrom(values.Slice(row * view.Columns, view.Columns),
                    view.Offset + (long)row * view.RowStride);
    }

    /// <summary>Marks the gradient as not there; the next backward pass overwrites it. Its memory is kept.</summary>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public virtual void ClearGradient()
    {
        Storage.ThrowIfDisposed();
        Storage.HasGradient = false;
    }

    /// <summary>
    /// Where a backward pass puts a contribution. accumulate is false when it is the first and covers the whole tensor:
    /// then plain writing saves a pass over memory.
    /// </summary>
    internal MatrixView<T> GradientTarget(out bool accumulate)
    {
        if (root is Parameter<T> { ByRows: true })
            throw new InvalidOperationException(
                $"{this} belongs to a table by rows, whose gradient comes from look-ups (GatherRows) alone; " +
                "make the table without byRows to use it elsewhere.");
        var buffer = Storage.GradientBuffer();
        if (!Storage.HasGradient && !IsWhole)
            Backend.Elementwise.Fill(new(buffer, 0, root.Shape.Rows, root.Shape.Columns, root.Shape.Columns), T.Zero);
        accumulate = Storage.HasGradient || !IsWhole;
        Storage.HasGradient = true;
        return new(buffer, offset, Shape.Rows, Shape.Columns, rowStride);
    }

    /// <summary>The elements of a view, row after row, on the host.</summary>
    internal static T[] Read(MatrixView<T> view)
    {
        if (view.Count > Array.MaxLength)
            throw new ShapeException("ToArray", $"{view.Rows} × {view.Columns} elements are more than an array holds, "
                + $"{Array.MaxLength}: read slices.");
        var values = new T[view.Count];
        if (values.Length == 0) return values;
        if (view.IsContiguous) view.Buffer.CopyTo(values, view.Offset);
        else
            for (var row = 0; row < view.Rows; row++)
                view.Buffer.CopyTo(values.AsSpan(row * view.Columns, view.Columns),
                    view.Offset + (long)row * view.RowStride);
        return values;
    }

    /// <returns>Element type, shape and device; no values.</returns>
    public override string ToString() => $"Tensor<{typeof(T).Name}> {Shape} on {Backend.Device}";
}

/// <summary>Makes tensors. They belong to the innermost <see cref="TensorScope"/>.</summary>
public static class Tensor
{
    /// <summary>Undefined content: for results that are about to be written.</summary>
    /// <param name="backend">Where the memory is, and what computes there.</param>
    /// <param name="shape">Any.</param>
    public static Tensor<T> Empty<T>(DeviceBackend<T> backend, Shape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        return new(backend, shape);
    }

    /// <summary>All elements 0.</summary>
    /// <param name="backend">Where the memory is, and what computes there.</param>
    /// <param name="shape">Any.</param>
    public static Tensor<T> Zeros<T>(DeviceBackend<T> backend, Shape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        return Full(backend, shape, T.Zero);
    }

    /// <summary>All elements <paramref name="value"/>.</summary>
    /// <param name="backend">Where the memory is, and what computes there.</param>
    /// <param name="shape">Any.</param>
    /// <param name="value">Of each element.</param>
    public static Tensor<T> Full<T>(DeviceBackend<T> backend, Shape shape, T value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        var tensor = new Tensor<T>(backend, shape);
        backend.Elementwise.Fill(tensor.View, value);
        return tensor;
    }

    /// <summary>Host values in row order.</summary>
    /// <param name="backend">Where the memory is, and what computes there.</param>
    /// <param name="values">Copied.</param>
    /// <param name="shape">Of as many elements.</param>
    /// <exception cref="ShapeException">There is another number of values.</exception>
    public static Tensor<T> From<T>(DeviceBackend<T> backend, ReadOnlySpan<T> values, Shape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        var tensor = new Tensor<T>(backend, shape);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <summary>
    /// The memory of an ILGPU buffer as a tensor, not copied. Who made the buffer disposes of it, after the tensor's
    /// last use.
    /// </summary>
    /// <param name="backend">Of a device on the buffer's accelerator: <see cref="GpuDevice.From"/>.</param>
    /// <param name="values">In row order.</param>
    /// <param name="shape">Of as many elements.</param>
    /// <exception cref="ArgumentException">The memory is not on the backend's accelerator.</exception>
    /// <exception cref="ShapeException">The view has another number of elements.</exception>
    public static Tensor<T> Over<T>(GpuBackend<T> backend, ArrayView<T> values, Shape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        return values.Length == shape.Count
            ? new(backend, shape, backend.Device.Wrap(values))
            : throw new ShapeException("tensor over a view", $"{values.Length} elements for {shape}.");
    }
}
