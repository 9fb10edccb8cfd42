using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Managed;

enum AccessKind { Load, Store, Atomic }

/// <summary>A kernel's counts, by place in its source.</summary>
sealed class KernelTally(KernelInstance kernel)
{
    /// <summary>The counts of one place.</summary>
    sealed class Place
    {
        public AccessCounts[,] Accesses { get; } =
            new AccessCounts[Enum.GetValues<MemoryKind>().Length, Enum.GetValues<AccessKind>().Length];

        public BarrierCounts[] Barriers { get; } = new BarrierCounts[Enum.GetValues<BarrierScope>().Length];

        public ProfiledLine AddTo(ProfiledLine line) => line with
        {
            GlobalLoads = line.GlobalLoads + Accesses[(int)MemoryKind.Global, (int)AccessKind.Load],
            GlobalStores = line.GlobalStores + Accesses[(int)MemoryKind.Global, (int)AccessKind.Store],
            GlobalAtomics = line.GlobalAtomics + Accesses[(int)MemoryKind.Global, (int)AccessKind.Atomic],
            SharedLoads = line.SharedLoads + Accesses[(int)MemoryKind.Shared, (int)AccessKind.Load],
            SharedStores = line.SharedStores + Accesses[(int)MemoryKind.Shared, (int)AccessKind.Store],
            SharedAtomics = line.SharedAtomics + Accesses[(int)MemoryKind.Shared, (int)AccessKind.Atomic],
            Local = line.Local + Accesses[(int)MemoryKind.Local, (int)AccessKind.Load]
                + Accesses[(int)MemoryKind.Local, (int)AccessKind.Store]
                + Accesses[(int)MemoryKind.Local, (int)AccessKind.Atomic],
            GroupBarriers = line.GroupBarriers + Barriers[(int)BarrierScope.Group],
            WarpBarriers = line.WarpBarriers + Barriers[(int)BarrierScope.Warp],
            GridBarriers = line.GridBarriers + Barriers[(int)BarrierScope.Grid],
        };
    }

    readonly HashSet<long> loaded = [], stored = [];
    readonly Place?[] places = new Place?[kernel.Sites.Count];
    long launches, groups, warps;

    public int Places => places.Length;

    public void Launched()
    {
        launches++;
        loaded.Clear();
        stored.Clear();
    }

    /// <summary>The launch is over.</summary>
    /// <param name="operations">What it computed.</param>
    public ProfiledLaunch Finished(OperationCounts operations) =>
        new(kernel, loaded.Count * WarpAccess.SectorBytes, stored.Count * WarpAccess.SectorBytes, operations);

    /// <summary>A lane uses a sector of global memory.</summary>
    public void Use(AccessKind kind, long sector)
    {
        if (kind != AccessKind.Store && !stored.Contains(sector)) loaded.Add(sector);
        if (kind != AccessKind.Load) stored.Add(sector);
    }

    public void GroupStarted(int warpsOfIt) => (groups, warps) = (groups + 1, warps + warpsOfIt);

    public void Accessed(int site, MemoryKind memory, AccessKind kind, AccessCounts counts) =>
        At(site).Accesses[(int)memory, (int)kind] += counts;

    /// <summary>Lanes of a warp or a group have met, or a group's at a barrier of the grid.</summary>
    public void Met(int site, BarrierScope scope, int lanes, bool isNew = true) =>
        At(site).Barriers[(int)scope] +=
            new BarrierCounts(isNew ? 1 : 0, (lanes + Lane.WarpSize - 1) / Lane.WarpSize, lanes);

    public ProfiledKernel Result() => new(kernel, launches, groups, warps,
    [
        .. places.Select((counts, site) => (counts, place: kernel.Sites[site])).Where(one => one.counts is not null)
            .GroupBy(one => (one.place.File, one.place.Line))
            .Select(line => line.Aggregate(
                new ProfiledLine(line.Key.File, line.Key.Line,
                    string.Join("; ", line.Select(one => one.place.Code).Distinct())),
                (sum, one) => one.counts!.AddTo(sum)))
            .OrderBy(line => line.File, StringComparer.Ordinal).ThenBy(line => line.Line),
    ]);

    Place At(int site) => places[site] ??= new();
}
