using ILGPU;

namespace LdNetGpu.Devices.Managed;

/// <summary>The lanes of one group, run in turns from wait to wait.</summary>
sealed class LaneGroup
{
    /// <summary>The key of the launch's own shared memory.</summary>
    public const string Dynamic = "dynamic";

    // What CUDA's compiler lets a kernel declare.
    const int MaxStaticBytes = 48 << 10;

    // Each allocation begins at the first bank.
    const int SharedBoundary = 128;

    readonly KernelRun run;
    readonly Lane[] lanes;
    readonly WarpTrace[] traces;
    readonly Dictionary<string, ManagedMemory> shared = [];
    long sharedBytes, staticBytes, sharedEnd;

    public LaneGroup(KernelRun run)
    {
        this.run = run;
        var size = run.Config.GroupDim;
        lanes = new Lane[size.Size];
        WarpBarrier = new int[(lanes.Length + Lane.WarpSize - 1) / Lane.WarpSize];
        traces = run.Tally is null
            ? [] : [.. WarpBarrier.Select((_, warp) => new WarpTrace(run.Tally, LanesOf(warp)))];
        for (var i = 0; i < lanes.Length; i++)
            lanes[i] = new Lane(this, run, i, new Index3D(i % size.X, i / size.X % size.Y, i / (size.X * size.Y)),
                run.Tally is null ? null : traces[i / Lane.WarpSize]);
    }

    public Index3D Index { get; private set; }

    public int LinearIndex { get; private set; }

    public ReadOnlySpan<Lane> Lanes => lanes;

    /// <summary>When the last barrier of the group was, and of each warp.</summary>
    public int LastBarrier { get; private set; }

    public int[] WarpBarrier { get; }

    /// <summary>What the first lane after a collective computed for all; empty at each new one.</summary>
    public object? Combined { get; set; }

    /// <summary>The number of the place where its lanes wait.</summary>
    public int Point => lanes[0].Point;

    public void Start(Index3D index)
    {
        var grid = run.Config.GridDim;
        (Index, LinearIndex) = (index, index.X + grid.X * (index.Y + grid.Y * index.Z));
        shared.Clear();
        (sharedBytes, staticBytes, sharedEnd) = (0, 0, 0);
        LastBarrier = KernelRun.Tick();
        run.Tally?.GroupStarted(WarpBarrier.Length);
        foreach (var lane in lanes) lane.Start();
    }

    /// <summary>Runs to the end, or to a barrier of the grid: then false.</summary>
    public bool Continue()
    {
        while (!AllEnded())
        {
            for (var warp = 0; warp < WarpBarrier.Length; warp++) RunWarp(warp);
            foreach (var trace in traces) trace.Close();
            if (AllEnded()) return true;
            ThrowIfDiverged(lanes, "group");
            if (lanes[0].WaitsFor == BarrierScope.Grid) return false;
            run.Tally?.Met(Point, BarrierScope.Group, lanes.Length);
            Publish(lanes);
            LastBarrier = KernelRun.Tick();
            Combined = null;
        }
        foreach (var trace in traces) trace.Close();
        return true;
    }

    public void PassGridBarrier()
    {
        run.Tally?.Met(Point, BarrierScope.Grid, lanes.Length, isNew: LinearIndex == 0);
        Publish(lanes);
        LastBarrier = KernelRun.Tick();
    }

    public KernelFaultException AtGridBarrier(string problem) =>
        run.Fault(KernelFault.DivergentBarrier, Point, $"group {Position(Index)}", problem);

    public ManagedMemory Shared(string key, long bytes, int granule, Func<string> where)
    {
        if (shared.TryGetValue(key, out var memory)) return memory;
        sharedBytes += bytes;
        if (key != Dynamic) staticBytes += bytes;
        if (sharedBytes > run.MaxSharedBytes)
            throw TooMuch($"{sharedBytes} bytes of shared memory; a group has at most {run.MaxSharedBytes}.");
        if (staticBytes > MaxStaticBytes)
            throw TooMuch(
                $"{staticBytes} bytes of shared memory allocated in the code; at most {MaxStaticBytes} are. " +
                "Ask for more at the launch: SharedMemory.GetDynamic.");
        memory = new(MemoryKind.Shared, bytes, granule, run.IsChecked) { Start = sharedEnd };
        sharedEnd += (bytes + SharedBoundary - 1) / SharedBoundary * SharedBoundary;
        return shared[key] = memory;

        KernelFaultException TooMuch(string problem) =>
            new(KernelFault.SharedMemory, new(run.Kernel.File, run.Kernel.Line, run.Kernel.Name),
                $"Kernel {run.Kernel.Name}, {where()}, {run.Kernel.File}:{run.Kernel.Line}: {problem}");
    }

    int LanesOf(int warp) => Math.Min(Lane.WarpSize, lanes.Length - warp * Lane.WarpSize);

    bool AllEnded() => Array.TrueForAll(lanes, lane => lane.HasEnded);

    // Until every lane of the warp has ended or waits for the group.
    void RunWarp(int warp)
    {
        var members = lanes.AsSpan(warp * Lane.WarpSize, LanesOf(warp));
        while (true)
        {
            foreach (var lane in members) lane.Continue();
            var waits = false;
            foreach (var lane in members) waits |= !lane.HasEnded && lane.WaitsFor == BarrierScope.Warp;
            if (!waits) return;
            ThrowIfDiverged(members, "warp");
            if (run.Tally is { } tally)
            {
                traces[warp].Close();
                tally.Met(members[0].Point, BarrierScope.Warp, members.Length);
            }
            Publish(members);
            WarpBarrier[warp] = KernelRun.Tick();
        }
    }

    static void Publish(ReadOnlySpan<Lane> members)
    {
        foreach (var lane in members) lane.Publish();
    }

    /// <summary>A fault where not all lanes wait at one place.</summary>
    void ThrowIfDiverged(ReadOnlySpan<Lane> members, string scope)
    {
        var first = members[0];
        foreach (var lane in members)
            if (!lane.HasEnded) first = lane;
        foreach (var lane in members)
            if (lane.HasEnded || lane.Point != first.Point || lane.WaitsFor != first.WaitsFor)
                throw Divergent(members, first, scope);
    }

    KernelFaultException Divergent(ReadOnlySpan<Lane> members, Lane first, string scope)
    {
        var places = new Dictionary<string, List<int>>();
        foreach (var lane in members)
        {
            var place = lane.HasEnded ? "have ended" : $"wait at {run.Site(lane.Point)}";
            if (!places.TryGetValue(place, out var list)) places[place] = list = [];
            list.Add(lane.Number);
        }
        var summary = string.Join("; ", places.Select(place => $"lanes {Ranges(place.Value)} {place.Key}"));
        return run.Fault(KernelFault.DivergentBarrier, first.Point, $"group {Position(Index)}",
            $"not every lane of the {scope} comes here: {summary}. " +
            "Move the call out of the condition, or let every lane take the same way.");
    }

    static string Ranges(List<int> numbers)
    {
        var ranges = new List<string>();
        for (var i = 0; i < numbers.Count;)
        {
            var last = i;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1) last++;
            ranges.Add(last == i ? $"{numbers[i]}" : $"{numbers[i]}-{numbers[last]}");
            i = last + 1;
        }
        return string.Join(", ", ranges);
    }

    public static string Position(Index3D index) => $"({index.X}, {index.Y}, {index.Z})";
}
