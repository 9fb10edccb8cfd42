using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

/// <summary>One launch: group after group.</summary>
sealed class KernelRun(KernelInstance kernel, KernelConfig config, LaneArguments arguments, bool check, int maxSharedBytes)
{
    // Counts barriers over all launches, so that what an element's record says of an earlier launch is older than this one.
    [ThreadStatic] static int ticks;

    public KernelInstance Kernel => kernel;
    public KernelConfig Config => config;
    public LaneArguments Arguments => arguments;
    public bool IsChecked => check;
    public int MaxSharedBytes => maxSharedBytes;

    /// <summary>When the launch began: groups are not ordered among each other from here on.</summary>
    public int Start { get; } = ++ticks;

    public static int Now => ticks;

    public static int Tick() => ++ticks;

    public void Run()
    {
        var group = new LaneGroup(this);
        for (var z = 0; z < config.GridDim.Z; z++)
            for (var y = 0; y < config.GridDim.Y; y++)
                for (var x = 0; x < config.GridDim.X; x++)
                    group.Run(new Index3D(x, y, z));
    }

    public SourceSite Site(int site) => kernel.Sites[site];

    public KernelFaultException Fault(KernelFault fault, int site, string where, string problem) =>
        new(fault, Site(site), $"Kernel {kernel.Name}, {where}, {Site(site)}: {problem}");
}
