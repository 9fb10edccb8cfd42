using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Tuning;

/// <summary>Each column's sum over the rows of a matrix.</summary>
sealed record RowSumsToTune(int Rows, int Columns) : IImplementation
{
    public string Name => $"sum rows {Rows}x{Columns}";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var x = inputs.Numbers("x", Rows, Columns);
        var sums = inputs.Zeros("sums", 1, Columns).View;
        return () =>
        {
            backend.Reduction.SumRows(x.View, sums);
            return [sums];
        };
    }
}
