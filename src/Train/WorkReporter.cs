namespace LdNetGpu.Train;

/// <summary>Counts what one work has done, and tells its listener, if there is one.</summary>
sealed class WorkReporter(IProgress<WorkProgress>? listener, string label, long total, string unit)
{
    WorkProgress now = new(label, 0, total, unit);

    /// <summary>Counts units as done; <paramref name="detail"/> stays until there is another.</summary>
    public void Advance(long units, string? detail = null)
    {
        now = now with { Done = now.Done + units, Detail = detail ?? now.Detail };
        listener?.Report(now);
    }

    /// <summary>Tells a line worth keeping.</summary>
    public void Note(string message) => listener?.Report(now with { Message = message });
}
