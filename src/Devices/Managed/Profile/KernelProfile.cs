using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// What kernels do on a <see cref="ManagedDevice"/>, line by line, from <see cref="ManagedDevice.BeginProfile"/> until
/// it is disposed of: accesses to memory as a GPU's warps would make them, and meetings of lanes.
/// </summary>
/// <remarks>
/// The counts are exact for this model: a warp is 32 lanes of a group in the order of their numbers; what its lanes do
/// at one place of the source is paired by how often each has been there since the warp last met (at a barrier, a
/// collective, or the kernel's beginning). Caches are not modelled, and what a compiler moves into registers is
/// counted.
/// </remarks>
public sealed class KernelProfile : IDisposable
{
    readonly Dictionary<KernelInstance, KernelTally> tallies = [];
    readonly List<ProfiledLaunch> launches = [];
    readonly Action end;

    internal KernelProfile(Action end) => this.end = end;

    /// <summary>The kernels launched so far, in the order of their first launches.</summary>
    public IReadOnlyList<ProfiledKernel> Kernels => [.. tallies.Values.Select(tally => tally.Result())];

    /// <summary>Every launch, in order; one that failed is not among them.</summary>
    public IReadOnlyList<ProfiledLaunch> Launches => launches;

    /// <summary>Ends the profile: the device's launches are counted no more. What was counted stays.</summary>
    public void Dispose() => end();

    internal void Add(ProfiledLaunch launch) => launches.Add(launch);

    internal KernelTally Of(KernelInstance kernel)
    {
        if (!tallies.TryGetValue(kernel, out var tally)) tallies[kernel] = tally = new(kernel);
        return tally;
    }
}
