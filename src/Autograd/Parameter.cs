using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;

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
        var made = gemm.Pack(View.SliceColumns(start, count), transposed: true);
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
        Storage.Dispose();
    }
}
