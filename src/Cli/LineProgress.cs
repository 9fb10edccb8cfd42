namespace LdNetGpu.Cli;

/// <summary>
/// Progress for logs and pipes: a plain line every ten seconds and one at the end, without control characters.
/// </summary>
/// <param name="output">Gets the lines.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="label">What is being done.</param>
/// <param name="total">Units in all; 0 when unknown.</param>
/// <param name="unit">What is counted, in the plural.</param>
/// <param name="before">Units that were done before, a resumed run's: they count as done and not as fast.</param>
public sealed class LineProgress(TextWriter output, TimeProvider clock, string label, long total, string unit,
    long before) : Progress
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    readonly long start = clock.GetTimestamp();
    TimeSpan shown;
    long made;
    string detail = "";

    public override void Advance(long units, string? detail = null)
    {
        made += units;
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
        var rate = elapsed > TimeSpan.Zero ? made / elapsed.TotalSeconds : 0;
        var done = before + made;
        var share = total > 0
            ? $"/{total:N0} {unit} ({100.0 * done / total:F0} %)"
            : " " + unit;
        var end = finished ? $"in {Duration.Text(elapsed)}"
            : total > 0 && rate > 0 ? $"{Duration.Text(TimeSpan.FromSeconds((total - done) / rate))} left"
            : $"{Duration.Text(elapsed)} so far";
        var speed = rate > 0 ? $", {rate:N1} {unit}/s" : "";
        var line = $"{label}: {done:N0}{share}{speed}, {end}";
        return detail.Length > 0 ? $"{line}, {detail}" : line;
    }
}
