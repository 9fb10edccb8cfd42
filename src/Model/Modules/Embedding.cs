using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Model;

/// <summary>A table of vectors, one a symbol: weight [symbols, width]. Its gradient is taken by rows.</summary>
public sealed class Embedding<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Embedding(DeviceBackend<T> backend, int symbols, int width) : base(backend) => Weight = Register("weight", new Shape(symbols, width), byRows: true);

    public Parameter<T> Weight { get; }

    public int Symbols => Weight.Shape[0];

    public int Width => Weight.Shape[1];

    /// <summary>Vectors of the ids, shaped [leading..., width]; an id of -1 gives zeros.</summary>
    public Tensor<T> Forward(IntTensor ids, params ReadOnlySpan<int> leading) => Weight.GatherRows(ids, leading);

    /// <summary>The same [T, B, width], a vector for each distinct id and where it stands: for readers that take no gradient.</summary>
    public RowLookup<T> Lookup(ReadOnlySpan<int> ids, int steps, int batch) => RowLookup<T>.Of(Weight, ids, steps, batch);

    public void Initialize(RandomStream random) => Initialization.Embedding(Weight, random);
}
