namespace LdNetGpu.Cli;

/// <summary>
/// Progress for logs and pipes: a plain line every ten seconds and one at the end, without control characters.
/// </summary>
public sealed class LineProgress(TextWriter output, TimeProvider clock, string label, long total, string unit)
    : Progress
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    readonly long start = clock.GetTimestamp();
    TimeSpan shown;
    long done;
    string detail = "";

    public override void Advance(long units, string? detail = null)
    {
        done += units;
        if (detail != null) this.detail = detail;
        var elapsed = clock.GetElapsedTime(start);
        if (elapsed - shown < Interval) return;
        shown = elapsed;
        output.WriteLine(Line(elapsed, finished: false));
    }

    public override void Note(string line) => output.WriteLine(line);

    public override void Dispose() => output.WriteLine(Line(clock.GetElapsedTime(start), finished: true));

    string Line(TimeSpan elapsed, bool finished)
    {
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var share = total > 0
            ? $"/{total:N0} {unit} ({100.0 * done / total:F0} %)"
            : " " + unit;
        var end = finished ? $"in {Duration.Text(elapsed)}"
            : total > 0 && rate > 0 ? $"{Duration.Text(TimeSpan.FromSeconds((total - done) / rate))} left"
            : $"{Duration.Text(elapsed)} so far";
        var line = $"{label}: {done:N0}{share}, {rate:N1} {unit}/s, {end}";
        return detail.Length > 0 ? $"{line}, {detail}" : line;
    }
}
