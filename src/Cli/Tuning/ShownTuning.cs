using LdNetGpu.Autograd;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Cli.Tuning;

/// <summary>Shows how far a search is, and keeps what it has found out: an interruption loses nothing.</summary>
/// <param name="context">Where it is shown.</param>
/// <param name="path">The record's file.</param>
sealed class ShownTuning(CommandContext context, string path) : IProgress<TuningProgress>, IDisposable
{
    Progress? shown;
    bool isTiming;

    public void Report(TuningProgress value)
    {
        TuningFolder.Write(value.Record, path);
        if (shown is null || isTiming == value.Latest is not null)
        {
            shown?.Dispose();
            isTiming = value.Latest is null;
            shown = isTiming ? context.StartProgress("timing in turns", value.Total, "rounds")
                : context.StartProgress("checking", value.Total, "candidates");
        }
        if (value.Latest is { } latest) shown.Note($"{value.Record.Text(latest.Values)}: {Words(latest)}");
        shown.Advance(1);
    }

    public void Dispose() => shown?.Dispose();

    static string Words(TuningResult result) => result.Outcome == TuningOutcome.Correct
        ? FormattableString.Invariant($"{result.Median:g3} ms")
        : $"{result.Outcome.ToString().ToLowerInvariant()}: {result.Problem}";
}
