namespace LdNetGpu.Devices.Managed;

/// <summary>
/// What the lanes of one warp, which run one after the other, have accessed since they last met: kept until they meet
/// again, for only then is it known which of them access together.
/// </summary>
sealed class WarpTrace(KernelTally tally, int lanes)
{
    static readonly int Kinds = Enum.GetValues<AccessKind>().Length;

    readonly PlaceTrace?[] places = new PlaceTrace?[tally.Places * Kinds];
    readonly List<int> used = [];

    public void Add(int lane, int site, AccessKind kind, ManagedMemory memory, long offset, int bytes)
    {
        var place = site * Kinds + (int)kind;
        var trace = places[place] ??= new();
        if (trace.IsEmpty) used.Add(place);
        var address = memory.Start + offset;
        trace.Add(new(lane, address, bytes, memory.Kind));
        if (memory.Kind != MemoryKind.Global) return;
        for (var sector = address / WarpAccess.SectorBytes; sector * WarpAccess.SectorBytes < address + bytes; sector++)
            tally.Use(kind, sector);
    }

    /// <summary>The lanes have met, or the kernel ends.</summary>
    public void Close()
    {
        foreach (var place in used)
        {
            var trace = places[place]!;
            foreach (var (memory, accesses) in trace.Together())
            {
                var kind = (AccessKind)(place % Kinds);
                tally.Accessed(place / Kinds, memory, kind, WarpAccess.Count(accesses.Span, memory, kind, lanes));
            }
            trace.Clear();
        }
        used.Clear();
    }

    /// <summary>The accesses of one kind at one place: of each lane in the order in which it made them.</summary>
    sealed class PlaceTrace
    {
        readonly List<LaneAccess>[] byLane =
            [.. Enumerable.Range(0, Lane.WarpSize).Select(_ => new List<LaneAccess>())];

        public bool IsEmpty { get; private set; } = true;

        public void Add(LaneAccess access)
        {
            byLane[access.Lane].Add(access);
            IsEmpty = false;
        }

        public void Clear()
        {
            foreach (var lane in byLane) lane.Clear();
            IsEmpty = true;
        }

        /// <summary>The lanes' first accesses, then their second ones, and so on, each memory's apart.</summary>
        public IEnumerable<(MemoryKind Memory, ReadOnlyMemory<LaneAccess> Accesses)> Together()
        {
            var together = new LaneAccess[Lane.WarpSize];
            for (var n = 0; ; n++)
            {
                var isLast = true;
                foreach (var memory in (MemoryKind[])[MemoryKind.Global, MemoryKind.Shared, MemoryKind.Local])
                {
                    var count = 0;
                    foreach (var lane in byLane)
                        if (lane.Count > n)
                        {
                            isLast = false;
                            if (lane[n].Memory == memory) together[count++] = lane[n];
                        }
                    if (count > 0) yield return (memory, together.AsMemory(0, count));
                }
                if (isLast) yield break;
            }
        }
    }
}

/// <summary>One lane's access.</summary>
/// <param name="Lane">Its number in the warp.</param>
/// <param name="Address">
/// Of its first byte: of global memory no two buffers' are alike; of shared memory it counts from the group's first.
/// </param>
/// <param name="Bytes">From there on.</param>
/// <param name="Memory">Which one.</param>
readonly record struct LaneAccess(int Lane, long Address, int Bytes, MemoryKind Memory);
