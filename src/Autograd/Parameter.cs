using System.Numerics;
using System.Runtime.CompilerServices;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Storage;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// A trainable leaf. It lives outside every scope until disposed, keeps its gradient's memory between steps, and, where
/// it is a table that steps touch in few rows (<see cref="ByRows"/>), takes its gradient as rows alone.
/// </summary>
public sealed class Parameter<T> : Tensor<T>, IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Dictionary<(int Start, int Count), PackedMatrix<T>> packed = [];
    int packedVersion;

    /// <summary>Zeros, which require a gradient.</summary>
    /// <param name="backend">Where the memory is, and what computes there.</param>
    /// <param name="shape">Any.</param>
    /// <param name="byRows">Whether it is a table whose gradient comes as rows.</param>
    public Parameter(DeviceBackend<T> backend, Shape shape, bool byRows = false) : base(backend, shape, scoped: false)
    {
        backend.Elementwise.Fill(View, T.Zero);
        RequiresGradient = true;
        ByRows = byRows;
        if (byRows) RowGradient = new RowGradient<T>(this);
    }

    /// <summary>Whether look-ups leave their gradient in <see cref="RowGradient"/> instead of a dense one.</summary>
    public bool ByRows { get; }

    /// <summary>
    /// The rows that the backward passes since <see cref="ClearGradient"/> touched; null unless <see cref="ByRows"/>.
    /// </summary>
    public RowGradient<T>? RowGradient { get; }

    /// <summary>
    /// Called with the rows that a look-up is about to read. An optimizer that leaves untouched rows behind brings them
    /// up to date here.
    /// </summary>
    public Action<IntTensor>? BeforeLookup { get; set; }

    /// <summary>The values rounded to bfloat16, where they are kept so; else null.</summary>
    internal Bfloat16Matrix? Rounded { get; private set; }

    /// <summary>Bytes that the values take, copies in the order of products among them.</summary>
    public long Bytes => (Rounded?.Bytes ?? Shape.Count * Unsafe.SizeOf<T>())
        + packed.Values.Sum(columns => columns.Bytes);

    /// <summary>
    /// Rounds the values of a frozen matrix to bfloat16 and gives the others' memory back: half the memory. Look-ups of
    /// rows and the products of recurrent layers read them so; nothing else can, and nothing trains them any more.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is trainable.</exception>
    /// <exception cref="UnsupportedOnDeviceException">It is not of floats, or not on the CPU.</exception>
    public void KeepInBfloat16()
    {
        if (Rounded is not null) return;
        if (RequiresGradient)
            throw new InvalidOperationException("KeepInBfloat16: the parameter is trainable: freeze it first.");
        if (typeof(T) != typeof(float) || Backend.Device is not CpuDevice cpu)
            throw new UnsupportedOnDeviceException($"bfloat16 weights: {Backend.Device} has no products that read "
                + "them; the CPU has, in float.", new DeviceAlternative("cpu"));
        var view = View;
        Rounded = new(cpu, Unsafe.As<MatrixView<T>, MatrixView<float>>(ref view));
        ForgetPacked();
        Storage.ReleaseValues();
    }

    /// <summary>Whether the values are kept in bfloat16.</summary>
    public bool IsInBfloat16 => Rounded is not null;

    /// <summary>The values in row order, on the host, whatever they are kept in.</summary>
    /// <exception cref="ShapeException">They are more than an array holds.</exception>
    public T[] ToWideArray()
    {
        using var values = Read();
        return Read(values.View);
    }

    /// <summary>The values as a view, or as a copy of those that are kept in bfloat16.</summary>
    internal Readable<T> Read() => Read(0, Shape.Columns);

    Readable<T> Read(int start, int count)
    {
        if (Rounded is null) return new(View.SliceColumns(start, count), null);
        var copy = Backend.Device.Allocate<T>((long)Shape.Rows * count);
        var view = new MatrixView<T>(copy, 0, Shape.Rows, count, count);
        Rounded.Widen(start, Unsafe.As<MatrixView<T>, MatrixView<float>>(ref view));
        return new(view, copy);
    }

    /// <summary>
    /// Columns of a frozen matrix, transposed, in the order that products x·Wᵀ read it in, so that they need not bring
    /// it there anew each time; null where it is trainable. Made when first asked for and after each change
    /// (<see cref="Storage{T}.Version"/>). Costs the columns' memory once more, and as much is all it ever costs.
    /// </summary>
    internal PackedMatrix<T>? Packed(IPackingGemm<T> gemm, int start, int count)
    {
        if (RequiresGradient || packedVersion != Storage.Version) ForgetPacked();
        if (RequiresGradient) return null;
        packedVersion = Storage.Version;
        if (packed.TryGetValue((start, count), out var known)) return known;
        using var columns = Read(start, count);
        var made = gemm.Pack(columns.View, transposed: true);
        if (Rounded is not null)
        {
            using var wide = made;
            made = wide.Rounded();
        }
        packed.Add((start, count), made);
        return made;
    }

    void ForgetPacked()
    {
        foreach (var columns in packed.Values) columns.Dispose();
        packed.Clear();
    }

    /// <summary>Puts a gradient in the place of what the backward passes have left.</summary>
    /// <param name="values">In the order of the elements.</param>
    /// <exception cref="ShapeException">They are not as many as the parameter has.</exception>
    public void SetGradient(ReadOnlySpan<T> values)
    {
        if (values.Length != Shape.Count)
            throw new ShapeException("SetGradient", $"{values.Length} numbers for a gradient {Shape}.");
        var target = GradientTarget(out _);
        target.Buffer.CopyFrom(values, target.Offset);
    }

    /// <summary>The same from memory of the device, without the host.</summary>
    /// <param name="values">Of the parameter's shape, on its device.</param>
    /// <exception cref="ShapeException">They are not of the parameter's shape.</exception>
    public void SetGradient(MatrixView<T> values) => Backend.Elementwise.Copy(values, GradientTarget(out _));

    /// <inheritdoc/>
    public override void ClearGradient()
    {
        base.ClearGradient();
        RowGradient?.Clear();
    }

    /// <summary>Gives back values and gradient.</summary>
    public void Dispose()
    {
        RowGradient?.Clear();
        ForgetPacked();
        Rounded?.Dispose();
        Storage.Dispose();
    }
}
