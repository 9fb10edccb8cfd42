using System.Numerics;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>A check with a name, run when asked.</summary>
/// <param name="Name">The operation's or block's name.</param>
/// <param name="Run">Makes the inputs and compares; on each call anew.</param>
public sealed record GradientCheckCase(string Name, Func<GradientCheckOptions, GradientCheckReport> Run)
{
    /// <summary>The operation's or block's name.</summary>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = Name ?? throw new ArgumentNullException(nameof(Name));

    /// <summary>Makes the check, by the options.</summary>
    public Func<GradientCheckOptions, GradientCheckReport> Run
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Run));
    } = Run ?? throw new ArgumentNullException(nameof(Run));
}

/// <summary>A gradient check for every differentiable operation: by differences, and by dual numbers.</summary>
sealed class OperationChecks(DeviceBackend<double> backend, ulong seed = 1)
{
    const string ByRows = "gather rows, gradient by rows";

    /// <summary>One case or more for each operation.</summary>
    public IReadOnlyList<GradientCheckCase> All() =>
    [
        .. new CheckedOperations<double>(backend).All().Select((operation, i) => new GradientCheckCase(operation.Name,
            options => GradientCheck.Run(operation.Name, backend, new Operation(i), options))),
        new(ByRows, options => GradientCheck.Run(ByRows, backend, new GatherByRows(seed), options)),
    ];

    sealed record Operation(int Index) : IDifferentiable
    {
        public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
            where T : unmanaged, IFloatingPointIeee754<T> =>
            new CheckedOperations<T>(backend).All()[Index].Outputs(input);
    }

    sealed record GatherByRows(ulong Seed) : IDifferentiableBlock
    {
        public DifferentiableBlock<T> On<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var table = new Parameter<T>(backend, new Shape(6, 3), byRows: true);
            table.CopyFrom(Array.ConvertAll(GradientInputs<double>.Draw("table", 18, Seed), T.CreateTruncating));
            IntTensor Indices(int[] values) => new(backend.Device, values);
            return new([("table", table)],
                () => [table.GatherRows(Indices([2, 0, -1, 2, 5, 2])), table.GatherRows(Indices([1, 2]))], table);
        }
    }
}

