using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Tuning;

/// <summary>
/// The values that a device's tunable kernels run with: those of a record of tuning where there is one of the same
/// text, flags, driver, device and class of sizes, else those that the launch brings. A record is looked for at the
/// first launch of each kind and not again, so that a device launches with the same values as long as it lives.
/// </summary>
public sealed class KernelTuning
{
    readonly GpuDevice device;
    readonly Dictionary<KernelInstance, List<Known>> known = [];
    readonly List<TuningRecord> given = [];
    (KernelInstance Kernel, int[] Values)? forced;
    Action<KernelInstance, string, int[]>? watcher;

    internal KernelTuning(GpuDevice device) => this.device = device;

    /// <summary>
    /// Whether records that lie in the folder of compiled kernels count. Setting it looks for them anew.
    /// </summary>
    public bool ReadsRecords
    {
        get;
        set
        {
            field = value;
            known.Clear();
        }
    } = true;

    /// <summary>Takes a record's values from now on, before those of the folder.</summary>
    /// <param name="kernel">Whose record it is.</param>
    /// <param name="record">Of this device. Other flags or sizes than a launch's do not count there.</param>
    /// <exception cref="UserException">
    /// It is of another kernel, text, device or driver, or has no values chosen; the device takes no records.
    /// </exception>
    public void Use(KernelInstance kernel, TuningRecord record)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(record);
        var here = device.TuningKeyOf(kernel, new int[kernel.Parameters.Count], "")
            ?? throw new UserException($"{device.Name} takes no records of tuned kernels: it has no compiler of texts, "
                + "or the kernel no text for it.");
        record.RequireOf(here with { Flags = record.Key.Flags, Sizes = record.Key.Sizes }, "The record");
        if (record.Chosen is null)
            throw new UserException($"The record of {record.Key.Kernel} has no values chosen: its search did not end, "
                + "or nothing passed. Tune to the end first.");
        given.Insert(0, record);
        known.Clear();
    }

    /// <summary>
    /// Puts tuned values in the place of a launch's own. Methods that are generated beside tunable kernels call it.
    /// </summary>
    /// <param name="kernel">What is to be launched.</param>
    /// <param name="sizes">The class of sizes that the launch is of: values of another class do not count.</param>
    /// <param name="specialized">All specialised values in order, as the launch has them; the tunable ones may change.
    /// </param>
    /// <exception cref="UserException">The record at hand is broken, or has values that the kernel does not list.
    /// </exception>
    public void Apply(KernelInstance kernel, string sizes, Span<int> specialized)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(sizes);
        watcher?.Invoke(kernel, sizes, specialized.ToArray());
        if (forced is var (only, values) && only == kernel) Put(kernel, values, specialized);
        else if (given.Count > 0 || ReadsRecords && device.TunedKernels is not null)
        {
            if (Find(kernel, sizes, specialized) is { } tuned) Put(kernel, tuned, specialized);
        }
    }

    /// <summary>Until the result is disposed of, every launch of the kernel has these values.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="values">Of its tunable parameters, in their order.</param>
    internal IDisposable Force(KernelInstance kernel, IReadOnlyList<int> values)
    {
        var before = forced;
        forced = (kernel, [.. values]);
        return new Ending(() => forced = before);
    }

    /// <summary>Until the result is disposed of, each launch of a tunable kernel is told before values are put.
    /// </summary>
    internal IDisposable Watch(Action<KernelInstance, string, int[]> watcher)
    {
        this.watcher = watcher;
        return new Ending(() => this.watcher = null);
    }

    // Few kinds of launches of a kernel are met, so these are compared one by one; nothing is allocated.
    int[]? Find(KernelInstance kernel, string sizes, ReadOnlySpan<int> specialized)
    {
        if (!known.TryGetValue(kernel, out var all)) known[kernel] = all = [];
        foreach (var one in all)
            if (one.Sizes == sizes && SameFixed(kernel, one.Specialized, specialized)) return one.Tuned;
        var tuned = Look(kernel, sizes, specialized);
        all.Add(new(sizes, specialized.ToArray(), tuned));
        return tuned;
    }

    int[]? Look(KernelInstance kernel, string sizes, ReadOnlySpan<int> specialized)
    {
        if (device.TuningKeyOf(kernel, specialized, sizes) is not { } key) return null;
        var record = given.Find(one => one.Key == key) ?? (ReadsRecords ? device.TunedKernels?.Find(key) : null);
        if (record?.Chosen is not { } chosen || chosen.SequenceEqual(record.Standard)) return null;
        var parameters = Tunable.Parameters(kernel);
        var isListed = chosen.Count == parameters.Count
            && parameters.Zip(chosen).All(pair => pair.First.Candidates.Contains(pair.Second))
            && kernel.TunableWhere?.Invoke(chosen) != false;
        return isListed ? [.. chosen] : throw new UserException(
            $"The record of {kernel.Name} has {record.Text(chosen)}, which the kernel does not list. Tune it "
            + $"again{(given.Contains(record) ? "" : $", or delete {device.TunedKernels!.PathOf(key)}")}.");
    }

    static bool SameFixed(KernelInstance kernel, int[] one, ReadOnlySpan<int> other)
    {
        var next = 0;
        for (var i = 0; i < kernel.Parameters.Count; i++)
        {
            var parameter = kernel.Parameters[i];
            if (parameter.Kind != KernelParameterKind.Specialized) continue;
            if (parameter.Candidates.Count == 0 && one[next] != other[next]) return false;
            next++;
        }
        return true;
    }

    static void Put(KernelInstance kernel, int[] values, Span<int> specialized)
    {
        var (next, tunable) = (0, 0);
        for (var i = 0; i < kernel.Parameters.Count; i++)
        {
            var parameter = kernel.Parameters[i];
            if (parameter.Kind != KernelParameterKind.Specialized) continue;
            if (parameter.Candidates.Count > 0) specialized[next] = values[tunable++];
            next++;
        }
    }

    sealed record Known(string Sizes, int[] Specialized, int[]? Tuned);

    sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
