using LdNetGpu.Train;

namespace LdNetGpu.Tests.Training;

/// <summary>Cancels at a report of the work, counted from 1.</summary>
sealed class CancelledProgress(int reports) : IProgress<WorkProgress>
{
    readonly CancellationTokenSource source = new();
    int left = reports;

    public CancellationToken Token => source.Token;

    public List<WorkProgress> Reports { get; } = [];

    public void Report(WorkProgress value)
    {
        Reports.Add(value);
        if (--left == 0) source.Cancel();
    }
}
