namespace LdNetGpu.Devices.Managed;

/// <summary>
/// What is computed with <see cref="Counted{T}"/> on this thread, from <see cref="Begin"/> until it is disposed of.
/// </summary>
public sealed class OperationWatch : IDisposable
{
    [ThreadStatic] static OperationWatch? current;

    readonly OperationWatch? outer;
    long additions, multiplications, fused, divisions, functions, lost;

    OperationWatch(OperationWatch? outer) => this.outer = outer;

    /// <summary>So far.</summary>
    public OperationCounts Counts => new(additions, multiplications, fused, divisions, functions, lost);

    /// <summary>Begins to count; an outer watch counts what comes after it.</summary>
    public static OperationWatch Begin() => current = new(current);

    /// <summary>Ends the count.</summary>
    public void Dispose()
    {
        if (current == this) current = outer;
    }

    internal static void CountAddition()
    {
        if (current is { } watch) watch.additions++;
    }

    internal static void CountMultiplication()
    {
        if (current is { } watch) watch.multiplications++;
    }

    internal static void CountFused()
    {
        if (current is { } watch) watch.fused++;
    }

    internal static void CountDivision()
    {
        if (current is { } watch) watch.divisions++;
    }

    internal static void CountFunction()
    {
        if (current is { } watch) watch.functions++;
    }

    internal static void Lose()
    {
        if (current is { } watch) watch.lost++;
    }
}
