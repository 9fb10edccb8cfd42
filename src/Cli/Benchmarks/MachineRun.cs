using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>A run of <c>bench kernels</c> as its JSON has it; what is not compared is not read.</summary>
sealed record MachineRun
{
    // A run of every row has 300 KB.
    const long LargestFile = 64 << 20;

    static readonly JsonSerializerOptions Reading = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    };

    /// <summary>After its file.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public required JsonObject System { get; init; }

    public required string Device { get; init; }

    public required string Description { get; init; }

    [JsonPropertyName("dtype")]
    public required string Precision { get; init; }

    public required string Math { get; init; }

    public required string Sizes { get; init; }

    /// <summary>GB/s of the fastest copy; null where none was measured.</summary>
    [JsonPropertyName("copy_gbs")]
    public required double? CopyRate { get; init; }

    /// <summary>TFLOP/s of the fastest matrix product; null where none was measured.</summary>
    [JsonPropertyName("gemm_tflops")]
    public required double? ProductRate { get; init; }

    public required IReadOnlyList<MachineRow> Rows { get; init; }

    /// <summary>Whether the figures say anything of speed, as those of tiny operands do not.</summary>
    [JsonIgnore]
    public bool IsOfSpeed => Sizes != BenchSizes.Tiny.Name;

    /// <summary>One line for people.</summary>
    [JsonIgnore]
    public string Words =>
        $"{Description}, {Precision}{(Math == "float32" ? "" : $", products in {Math}")}, {Sizes} sizes; "
        + (IsOfSpeed && CopyRate is { } copy && ProductRate is { } product
            ? $"copies {Figure.Of(copy)} GB/s, products {Figure.Of(product)} TFLOP/s; " : "")
        + $"{System["processor"]}, driver {System["driver"] ?? "none"}, {System["program"]}, {System["time"]}";

    /// <summary>
    /// The runs of a file: of what <c>bench kernels --json</c> writes one, of the pack's results.json one for each of
    /// its precisions of products.
    /// </summary>
    /// <exception cref="UserException">It is neither, or of another version, or not whole; says which.</exception>
    public static IReadOnlyList<MachineRun> Read(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (new FileInfo(file) is { Exists: true, Length: > LargestFile } large)
            throw new UserException($"{file}: {large.Length} bytes are no benchmark's.");
        try
        {
            var parsed = JsonNode.Parse(File.ReadAllText(file),
                documentOptions: new() { AllowDuplicateProperties = false });
            var json = parsed as JsonObject ?? throw new JsonException("no object.");
            if (json["bench"] is not JsonObject pack) return [Read(json, file) with { Name = name }];
            return
            [
                .. pack.Where(run => run.Value is not null)
                    .Select(run => Read(run.Value!, $"{file}, {run.Key}") with { Name = $"{name} {run.Key}" }),
            ];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new UserException($"{file}: not what 'ldnet bench kernels --json' writes: {error.Message}", error);
        }
    }

    static MachineRun Read(JsonNode json, string place)
    {
        if ((string?)json["format"] != KernelReport.Format)
            throw new JsonException($"\"format\" is not \"{KernelReport.Format}\".");
        if (json["version"]?.GetValueKind() != JsonValueKind.Number
            || json["version"]!.GetValue<double>() != KernelReport.Version)
            throw new UserException($"{place}: version {json["version"]?.ToJsonString() ?? "none"} of "
                + $"{KernelReport.Format}, and this program reads version {KernelReport.Version}. Measure again with "
                + "it, or compare with the program that wrote it.");
        var run = json.Deserialize<MachineRun>(Reading) ?? throw new JsonException("no object.");
        if (run.Rows.Contains(null!)) throw new JsonException("one of \"rows\" is null.");
        foreach (var row in run.Rows) row.Require();
        if (run.Rows.GroupBy(row => row.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new JsonException($"row '{twice.Key}' is there {twice.Count()} times.");
        return run;
    }
}

/// <summary>One row of a run.</summary>
sealed record MachineRow
{
    // A year in microseconds.
    const double LongestTime = 365.0 * 24 * 3600 * 1e6;

    public required string Name { get; init; }

    public required double Bytes { get; init; }

    public required double Flops { get; init; }

    /// <summary>Microseconds; null where the row failed.</summary>
    [JsonPropertyName("samples_us")]
    public required IReadOnlyList<double>? Warm { get; init; }

    /// <summary>Microseconds; null where they were not measured.</summary>
    [JsonPropertyName("cold_samples_us")]
    public required IReadOnlyList<double>? Cold { get; init; }

    /// <summary>Microseconds; null where the sizes say nothing of speed.</summary>
    [JsonPropertyName("floor_us")]
    public required double? Floor { get; init; }

    /// <summary>Why the GPU's clocks were held down; null where they were not.</summary>
    public required string? Throttled { get; init; }

    /// <summary>Why it failed.</summary>
    public required string? Problem { get; init; }

    /// <summary>Its times with warm or cold caches; null where there are none.</summary>
    public MeasuredTimes? Times(bool cold) =>
        (cold ? Cold : Warm) is { } times ? MeasuredTimes.Of(times) : null;

    /// <exception cref="JsonException">A figure is none.</exception>
    public void Require()
    {
        if (!(Bytes >= 0 && Flops >= 0 && double.IsFinite(Bytes + Flops)))
            throw new JsonException($"row '{Name}': {Bytes} bytes and {Flops} FLOPs.");
        if (Floor is <= 0) throw new JsonException($"row '{Name}': a floor of {Floor} µs.");
        foreach (var times in new[] { Warm, Cold }.OfType<IReadOnlyList<double>>())
            if (times.Count == 0 || !times.All(time => time > 0 && time < LongestTime))
                throw new JsonException(
                    $"row '{Name}': a time is no positive number or longer than a year, or there is none.");
    }
}
