namespace LdNetGpu.Devices.Managed;

/// <summary>
/// What is computed with <see cref="Counted{T}"/> on this thread, from <see cref="Begin"/> until it is disposed of.
/// </summary>
public sealed class OperationWatch : IDisposable
{
    [ThreadStatic] static OperationWatch? current;

    readonly OperationWatch? outer;
    long additions, multiplications, fused, divisions, functions, lost, inDouble;

    OperationWatch(OperationWatch? outer) => this.outer = outer;

    /// <summary>So far.</summary>
    public OperationCounts Counts => new(additions, multiplications, fused, divisions, functions, lost)
        { InDouble = inDouble };

    /// <summary>Begins to count; an outer watch counts what comes after it.</summary>
    public static OperationWatch Begin() => current = new(current);

    /// <summary>Ends the count.</summary>
    public void Dispose()
    {
        if (current == this) current = outer;
    }

    internal static void CountAddition<T>()
    {
        if (current is not { } watch) return;
        watch.additions++;
        watch.AddFlops<T>(1);
    }

    internal static void CountMultiplication<T>()
    {
        if (current is not { } watch) return;
        watch.multiplications++;
        watch.AddFlops<T>(1);
    }

    internal static void CountFused<T>()
    {
        if (current is not { } watch) return;
        watch.fused++;
        watch.AddFlops<T>(2);
    }

    internal static void CountDivision<T>()
    {
        if (current is not { } watch) return;
        watch.divisions++;
        watch.AddFlops<T>(1);
    }

    internal static void CountFunction<T>()
    {
        if (current is not { } watch) return;
        watch.functions++;
        watch.AddFlops<T>(1);
    }

    internal static void Lose()
    {
        if (current is { } watch) watch.lost++;
    }

    void AddFlops<T>(int flops)
    {
        if (typeof(T) == typeof(double)) inDouble += flops;
    }
}
