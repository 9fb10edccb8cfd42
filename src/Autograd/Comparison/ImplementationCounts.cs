using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Autograd;

/// <summary>What one call of an implementation does, counted on the managed device.</summary>
/// <param name="Launches">Of kernels, in float, in order.</param>
/// <param name="LoadedBytes">That lanes asked of global memory, a byte that two ask for twice.</param>
/// <param name="StoredBytes">That lanes wrote to global memory.</param>
/// <param name="NecessaryBytes">Its inputs and its results, each once: no implementation moves less.</param>
/// <param name="CountedLaunches">
/// The same call in counted floats: with what each launch computes. Kernels that are for floats alone have given way to
/// those for any number.
/// </param>
public sealed record ImplementationCounts(IReadOnlyList<ProfiledLaunch> Launches, long LoadedBytes, long StoredBytes,
    long NecessaryBytes, IReadOnlyList<ProfiledLaunch> CountedLaunches)
{
    /// <summary>
    /// Bytes that the launches move where caches hold all that one launch uses and nothing from one to the next:
    /// sectors of 32 bytes, each once a launch, those read and those written.
    /// </summary>
    public long MovedBytes => Launches.Sum(launch => launch.LoadedOnce + launch.StoredOnce);

    /// <summary>What is computed.</summary>
    public OperationCounts Operations =>
        CountedLaunches.Aggregate(default(OperationCounts), (sum, launch) => sum + launch.Operations);

    /// <summary>FLOPs for each byte moved; 0 where none is.</summary>
    public double Intensity => MovedBytes == 0 ? 0 : (double)Operations.Flops / MovedBytes;

    /// <summary>
    /// Seconds below which the call cannot come on a GPU: each launch takes its bytes at the published bandwidth or its
    /// FLOPs at the published rate, whichever is longer. Launches themselves cost nothing here.
    /// </summary>
    /// <param name="gpu">Which one.</param>
    public double FloorSeconds(PublishedGpu gpu)
    {
        ArgumentNullException.ThrowIfNull(gpu);
        return CountedLaunches.Sum(launch => Math.Max((launch.LoadedOnce + launch.StoredOnce) / gpu.BytesPerSecond,
            launch.Operations.Flops / gpu.FlopsPerSecond));
    }
}
