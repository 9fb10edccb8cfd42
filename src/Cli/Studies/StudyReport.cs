using System.Text.Json.Nodes;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Cli.Studies;

/// <summary>Studies as tables and as JSON.</summary>
/// <param name="Batch">Rows, sequences or sentences at once; null where no implementation takes that.</param>
/// <param name="Device">Where times were taken, in words; null where none were.</param>
sealed record StudyReport(int? Batch, string? Device, IReadOnlyList<StudyResult> Studies)
{
    /// <summary>Every figure, in bytes, FLOPs and seconds.</summary>
    public JsonObject ToJson() => new()
    {
        ["batch"] = Batch,
        ["device"] = Device,
        ["studies"] = new JsonArray([.. Studies.Select(one => (JsonNode)new JsonObject
        {
            ["study"] = one.Study.Name,
            ["question"] = one.Study.Question,
            ["necessary_bytes"] = one.NecessaryBytes,
            ["first"] = ToJson(one.Comparison.First.Name, one.First),
            ["second"] = ToJson(one.Comparison.Second.Name, one.Second),
            ["ulps_between"] = ToJson(one.Results.Between),
            ["ulps_first"] = ToJson(one.Results.First),
            ["ulps_second"] = ToJson(one.Results.Second),
            ["warm"] = ToJson(one.Times?.Warm),
            ["cold"] = ToJson(one.Times?.Cold),
            ["why_not_timed"] = one.WhyNotTimed,
        })]),
    };

    /// <summary>A table a study, then how near the results are, then the times.</summary>
    public void Write(TextWriter output)
    {
        foreach (var one in Studies)
        {
            output.WriteLine($"{one.Study.Name}{OfBatch}: {one.Study.Question}");
            var table = new TextTable("", one.Comparison.First.Name, one.Comparison.Second.Name, "second/first");
            foreach (var (name, first, second, ratio) in Figures(one)) table.Add(name, first, second, ratio);
            table.WriteTo(output, "  ");
            foreach (var note in Notes(one)) output.WriteLine("  " + note);
            output.WriteLine();
        }
    }

    /// <summary>The batch in words, behind a name; empty where there is none.</summary>
    public string OfBatch => Batch is { } batch ? $", batch {batch}" : "";

    /// <summary>The rows of a study's table.</summary>
    public IEnumerable<(string Name, string First, string Second, string Ratio)> Figures(StudyResult one)
    {
        var (first, second) = (one.First, one.Second);
        yield return Whole("launches", first.Launches.Count, second.Launches.Count);
        yield return Whole("bytes loaded by lanes", first.LoadedBytes, second.LoadedBytes);
        yield return Whole("bytes stored by lanes", first.StoredBytes, second.StoredBytes);
        yield return Whole("bytes moved", first.MovedBytes, second.MovedBytes);
        yield return ("bytes that had to move", $"{one.NecessaryBytes:N0}", $"{one.NecessaryBytes:N0}", "");
        yield return Whole(one.LosesOperations ? "FLOPs in float" : "FLOPs", first.Operations.Flops,
            second.Operations.Flops);
        if (one.IsInDouble)
            yield return Whole("FLOPs in double", first.Operations.InDouble, second.Operations.InDouble);
        if (!one.LosesOperations)
            yield return Row("FLOPs a byte", first.Intensity, second.Intensity,
                value => value.ToString("G3"));
        foreach (var gpu in PublishedGpu.All)
            yield return Row($"floor on {gpu.Name}, µs", first.FloorSeconds(gpu), second.FloorSeconds(gpu), Micro);
        if (one.Times is not var (warm, cold)) yield break;
        foreach (var (name, times) in new[] { ("warm", warm), ("cold", cold) })
            yield return Row($"{name}, µs", SpeedComparison.Median(times.First),
                SpeedComparison.Median(times.Second), Micro);
    }

    /// <summary>What is to be said below a study's table.</summary>
    public IEnumerable<string> Notes(StudyResult one)
    {
        yield return $"Floats apart: {Words(one.Results.Between)}.";
        yield return $"From double precision, {one.Comparison.First.Name}: {Words(one.Results.First)}; "
            + $"{one.Comparison.Second.Name}: {Words(one.Results.Second)}.";
        if (one.LosesOperations)
            yield return "Kernels of these compute in double besides, which is not in the FLOPs nor in the floors.";
        if (one.IsInDouble)
            yield return "The floors take FLOPs in double at the rate of float, which no GPU keeps up in double.";
        if (one.CountedElsewhere.ToList() is { Count: > 0 } names)
            yield return $"FLOPs and floors of {string.Join(" and ", names)} are those of the kernels for any kind of "
                + "number, which stand in for ones for floats.";
        if (one.Times is not var (warm, cold)) yield return $"Not timed: {one.WhyNotTimed}";
        else
        {
            yield return $"Warm: {Words(warm)}";
            yield return $"Cold: {Words(cold)}";
        }
    }

    string Words(SpeedComparison times) => $"{times.Verdict.ToString().ToUpperInvariant()} on {Device}: "
        + $"{times.Ratio:F2} times as long ({times.Interval.Low:F2} to {times.Interval.High:F2}), "
        + $"noise {SpeedComparison.Noise(times.First):P0} and {SpeedComparison.Noise(times.Second):P0}, "
        + $"ranks alike with {times.RankProbability:G2}";

    /// <summary>A histogram as <c>0: 60, 1: 3, 2-3: 1</c>.</summary>
    public static string Words(UlpHistogram histogram) => string.Join(", ", Buckets(histogram)
        .Where(bucket => bucket.Count > 0).Select(bucket => $"{bucket.Apart}: {bucket.Count:N0}"));

    /// <summary>Its entries with their ranges.</summary>
    public static IEnumerable<(string Apart, long Count)> Buckets(UlpHistogram histogram) =>
        histogram.Buckets.Select((count, i) => (i == 0 ? "1" : $"{1L << i}-{(1L << (i + 1)) - 1}", count))
            .Prepend(("0", histogram.Exact));

    static (string, string, string, string) Whole(string name, double first, double second) =>
        Row(name, first, second, value => value.ToString("N0"));

    static (string, string, string, string) Row(string name, double first, double second, Func<double, string> text) =>
        (name, text(first), text(second), first > 0 ? (second / first).ToString("F2") : "");

    /// <summary>Microseconds to three digits, whole ones from 1,000 on.</summary>
    public static string Micro(double seconds) =>
        (seconds * 1e6).ToString(seconds < 0.9995e-3 ? "G3" : "N0");

    static JsonObject ToJson(string name, ImplementationCounts counts) => new()
    {
        ["name"] = name,
        ["launches"] = new JsonArray([.. counts.Launches.Select(launch => (JsonNode)launch.Kernel.Name)]),
        ["loaded_bytes"] = counts.LoadedBytes,
        ["stored_bytes"] = counts.StoredBytes,
        ["moved_bytes"] = counts.MovedBytes,
        ["flops"] = counts.Operations.Flops,
        ["flops_in_double"] = counts.Operations.InDouble,
        ["additions"] = counts.Operations.Additions,
        ["multiplications"] = counts.Operations.Multiplications,
        ["fused_multiply_adds"] = counts.Operations.FusedMultiplyAdds,
        ["divisions"] = counts.Operations.Divisions,
        ["functions"] = counts.Operations.Functions,
        ["lost_to_other_numbers"] = counts.Operations.Lost,
        ["flops_a_byte"] = counts.Intensity,
        ["floor_seconds"] = new JsonObject([.. PublishedGpu.All.Select(gpu =>
            KeyValuePair.Create(gpu.Name, (JsonNode?)counts.FloorSeconds(gpu)))]),
    };

    static JsonObject ToJson(UlpHistogram histogram) =>
        new([.. Buckets(histogram).Select(bucket => KeyValuePair.Create(bucket.Apart, (JsonNode?)bucket.Count))]);

    static JsonObject? ToJson(SpeedComparison? times) => times is null ? null : new()
    {
        ["first_seconds"] = new JsonArray([.. times.First.Select(time => (JsonNode)time)]),
        ["second_seconds"] = new JsonArray([.. times.Second.Select(time => (JsonNode)time)]),
        ["ratio"] = times.Ratio,
        ["ratio_low"] = times.Interval.Low,
        ["ratio_high"] = times.Interval.High,
        ["rank_probability"] = times.RankProbability,
        ["verdict"] = times.Verdict.ToString().ToUpperInvariant(),
    };
}
