using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Model;

/// <summary>A table of vectors, one a symbol: weight [symbols, width]. Its gradient is taken by rows.</summary>
public sealed class Embedding<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A table of zeros until <see cref="Initialize"/>.</summary>
    /// <param name="backend">Where it lives.</param>
    /// <param name="symbols">Rows.</param>
    /// <param name="width">Columns.</param>
    public Embedding(DeviceBackend<T> backend, int symbols, int width)
        : base(backend) => Weight = Register("weight", new Shape(symbols, width), byRows: true);

    /// <summary>[symbols, width].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>Rows of the table.</summary>
    public int Symbols => Weight.Shape[0];

    /// <summary>Columns of the table.</summary>
    public int Width => Weight.Shape[1];

    /// <summary>Vectors of the ids, shaped [leading..., width]; an id of -1 gives zeros.</summary>
    /// <param name="ids">Each -1 to symbols - 1.</param>
    /// <param name="leading">Leading sizes, whose product is the number of ids.</param>
    /// <exception cref="ShapeException">An id is no row, or the sizes do not make as many.</exception>
    public Tensor<T> Forward(IntTensor ids, params ReadOnlySpan<int> leading)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Weight.GatherRows(ids, leading);
    }

    /// <summary>
    /// The same [T, B, width], a vector for each distinct id and where it stands: for readers that take no gradient.
    /// </summary>
    /// <param name="ids">[T·B], time-major, each -1 to symbols - 1.</param>
    /// <param name="steps">T.</param>
    /// <param name="batch">B.</param>
    /// <exception cref="ShapeException">There are not T·B ids, or one is no row of the table.</exception>
    public RowLookup<T> Lookup(ReadOnlySpan<int> ids, int steps, int batch) =>
        RowLookup<T>.Of(Weight, ids, steps, batch);

    /// <summary>Draws the vectors, uniform in ±sqrt(3 / width), as the published code does.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Initialization.Embedding(Weight, random);
    }
}
