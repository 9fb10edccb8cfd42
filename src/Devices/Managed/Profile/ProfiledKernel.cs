using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Managed;

/// <summary>One kernel in a <see cref="KernelProfile"/>.</summary>
/// <param name="Kernel">Which one.</param>
/// <param name="Launches">How often it was launched.</param>
/// <param name="Groups">Groups of all launches together.</param>
/// <param name="Warps">Their warps; a group's last one may have less than 32 lanes.</param>
/// <param name="Lines">Every line at which a lane accessed memory or waited, in the source's order.</param>
public sealed record ProfiledKernel(KernelInstance Kernel, long Launches, long Groups, long Warps,
    IReadOnlyList<ProfiledLine> Lines)
{
    /// <summary>The lines, those of the greatest <see cref="ProfiledLine.Cost"/> first.</summary>
    public IEnumerable<ProfiledLine> Costliest => Lines.OrderByDescending(line => line.Cost);

    /// <summary>All lines together, called by the kernel's own place.</summary>
    public ProfiledLine Total => Lines.Aggregate(new ProfiledLine(Kernel.File, Kernel.Line, Kernel.Name),
        (sum, line) => sum.Plus(line));
}
