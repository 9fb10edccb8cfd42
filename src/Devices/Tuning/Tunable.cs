using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Tuning;

/// <summary>A kernel's tunable parameters and the values that there are to try.</summary>
static class Tunable
{
    /// <summary>In the kernel's order.</summary>
    public static IReadOnlyList<KernelParameter> Parameters(KernelInstance kernel) =>
        [.. kernel.Parameters.Where(parameter => parameter.Candidates.Count > 0)];

    /// <summary>Of all specialised values those of tunable parameters.</summary>
    public static int[] Of(KernelInstance kernel, IReadOnlyList<int> specialized) =>
        [.. kernel.Parameters.Where(parameter => parameter.Kind == KernelParameterKind.Specialized)
            .Zip(specialized).Where(pair => pair.First.Candidates.Count > 0).Select(pair => pair.Second)];

    /// <summary>Every set of values that fits together, the first parameter's changing last.</summary>
    public static IEnumerable<int[]> Candidates(KernelInstance kernel) => Parameters(kernel)
        .Aggregate<KernelParameter, IEnumerable<int[]>>([[]],
            (sets, parameter) => sets.SelectMany(_ => parameter.Candidates, (set, value) => (int[])[.. set, value]))
        .Where(values => kernel.TunableWhere?.Invoke(values) != false);
}
