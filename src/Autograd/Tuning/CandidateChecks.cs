using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>What a candidate must stand before it is timed.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="work">Launches it.</param>
/// <param name="seed">Of the operands.</param>
sealed class CandidateChecks(KernelInstance kernel, TuningWork work, ulong seed)
{
    // From 1 to the next float.
    const double Epsilon = 1.0 / (1 << 23);

    readonly Lazy<double[][]> expected = new(() => Reference(work.Timed, seed)),
        smallExpected = new(() => Reference(work.Small, seed));

    /// <summary>Runs the small work with these values in C#, every access checked.</summary>
    /// <exception cref="KernelFaultException">The kernel does what it must not.</exception>
    /// <exception cref="ResultsDifferException">Its results are too far from double precision's.</exception>
    public void OnManaged(int[] values)
    {
        using var managed = new ManagedDevice();
        using var forced = managed.Tuning.Force(kernel, values);
        using var calling = new TensorScope();
        var backend = new GpuBackend<float>(managed, work.Small.Kernels);
        using var inputs = new ComparisonInputs<float>(backend, seed);
        RequireNear(work.Small.Prepare(backend, inputs)(), smallExpected.Value, "on the managed device");
    }

    /// <summary>Refuses results of the timed work that are too far from double precision's.</summary>
    /// <exception cref="ResultsDifferException">They are.</exception>
    public void RequireNear(IReadOnlyList<MatrixView<float>> results, string where) =>
        RequireNear(results, expected.Value, where);

    static double[][] Reference(IImplementation implementation, ulong seed)
    {
        using var cpu = new CpuDevice();
        using var calling = new TensorScope();
        var backend = new CpuBackend<double>(cpu);
        using var inputs = new ComparisonInputs<double>(backend, seed);
        return [.. implementation.Prepare(backend, inputs)().Select(Tensor<double>.Read)];
    }

    void RequireNear(IReadOnlyList<MatrixView<float>> results, double[][] right, string where)
    {
        if (results.Count != right.Length)
            throw new ResultsDifferException($"{results.Count} results {where} and {right.Length} in double on the "
                + "processor.", 0, null, double.NaN);
        for (var i = 0; i < right.Length; i++)
        {
            var found = Tensor<float>.Read(results[i]);
            if (found.Length != right[i].Length)
                throw new ResultsDifferException($"Result {i} has {found.Length} elements {where} and "
                    + $"{right[i].Length} in double on the processor.", i, null, double.NaN);
            for (var e = 0; e < found.Length; e++) RequireNear(i, e, found[e], right[i][e], where);
        }
    }

    void RequireNear(int result, int element, double found, double right, string where)
    {
        var (apart, allowed) = (Math.Abs(found - right), work.Roundings * Epsilon * Math.Max(1, Math.Abs(right)));
        if (found == right || apart <= allowed) return;
        throw new ResultsDifferException(
            FormattableString.Invariant($"Result {result}, element {element}: {found} {where}, and {right} in double ")
            + FormattableString.Invariant($"on the processor: {apart:g3} apart, and {allowed:g3} is allowed."),
            result, element, apart);
    }
}
