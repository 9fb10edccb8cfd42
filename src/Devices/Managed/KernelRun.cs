using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

/// <summary>One launch: group after group.</summary>
sealed class KernelRun(KernelInstance kernel, LaunchConfig config, LaneArguments arguments, bool check,
    int maxSharedBytes, KernelTally? tally)
{
    // Counts barriers over all launches, so that what an element's record says of an earlier launch is older than this
    // one.
    [ThreadStatic] static int ticks;

    public KernelInstance Kernel => kernel;
    public LaunchConfig Config => config;
    public LaneArguments Arguments => arguments;
    public bool IsChecked => check;

    /// <summary>Where what its lanes do is counted; null where nothing is.</summary>
    public KernelTally? Tally => tally;

    public int MaxSharedBytes => maxSharedBytes;

    /// <summary>
    /// When the grid's last barrier was, or the launch began: groups are not ordered among each other from here on.
    /// </summary>
    public int LastGridBarrier { get; private set; } = ++ticks;

    public static int Now => ticks;

    public static int Tick() => ++ticks;

    public void Run()
    {
        if (config.Cooperative) RunTogether();
        else RunInTurns();
    }

    void RunInTurns()
    {
        var group = new LaneGroup(this);
        foreach (var index in GroupIndices())
        {
            group.Start(index);
            if (!group.Continue())
                throw group.AtGridBarrier("the launch is not cooperative: its groups do not run at once.");
        }
    }

    // Each group to the grid's barrier, then all of them on.
    void RunTogether()
    {
        var groups = new List<LaneGroup>();
        foreach (var index in GroupIndices())
        {
            groups.Add(new(this));
            groups[^1].Start(index);
        }
        while (true)
        {
            var waiting = groups.FindAll(group => !group.Continue());
            if (waiting.Count == 0) return;
            if (waiting.Count < groups.Count || waiting.Exists(group => group.Point != waiting[0].Point))
                throw waiting[0].AtGridBarrier(
                    $"not every group of the grid comes here: "
                    + $"{waiting.Count(group => group.Point == waiting[0].Point)} of {groups.Count} do.");
            LastGridBarrier = Tick();
            foreach (var group in groups) group.PassGridBarrier();
        }
    }

    IEnumerable<Index3D> GroupIndices()
    {
        for (var z = 0; z < config.GridDim.Z; z++)
            for (var y = 0; y < config.GridDim.Y; y++)
                for (var x = 0; x < config.GridDim.X; x++)
                    yield return new(x, y, z);
    }

    public SourceSite Site(int site) => kernel.Sites[site];

    public KernelFaultException Fault(KernelFault fault, int site, string where, string problem) =>
        new(fault, Site(site), $"Kernel {kernel.Name}, {where}, {Site(site)}: {problem}");
}
