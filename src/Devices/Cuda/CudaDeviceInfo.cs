namespace LdNetGpu.Devices.Cuda;

/// <summary>What the driver says of one GPU.</summary>
/// <param name="Index">Number in <c>cuda:N</c>.</param>
/// <param name="Name">As the driver calls it.</param>
/// <param name="DriverVersion">The driver's CUDA as the API counts: 12040 for 12.4.</param>
/// <param name="ComputeCapability">90 for 9.0.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="MultiProcessors">Streaming multiprocessors.</param>
/// <param name="WarpSize">Lanes of a warp.</param>
/// <param name="MaxGroupSize">Most lanes of a block.</param>
/// <param name="MaxSharedBytes">Shared memory that a block may have when the kernel opts in.</param>
/// <param name="HasCooperativeLaunch">Whether the grid may have barriers.</param>
/// <param name="HasClusters">Whether blocks may run in clusters, as from compute capability 9.0 on.</param>
/// <param name="HasMemoryPools">Whether memory comes in the stream's order (<c>cuMemAllocAsync</c>).</param>
public sealed record CudaDeviceInfo(int Index, string Name, int DriverVersion, int ComputeCapability, long Memory,
    int MultiProcessors, int WarpSize,
    int MaxGroupSize, int MaxSharedBytes, bool HasCooperativeLaunch, bool HasClusters, bool HasMemoryPools)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name} (compute capability {ComputeCapability / 10}.{ComputeCapability % 10}, driver for "
        + $"CUDA {Version(DriverVersion)})";

    /// <summary>12040 as 12.4.</summary>
    internal static string Version(int version) => $"{version / 1000}.{version % 1000 / 10}";
}
