using System.Text.Json;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Cli.Commands;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>What the steps of <c>bench/gpu/run.sh</c> left in a folder, as one JSON object and as one text.</summary>
sealed class PackResults
{
    static readonly string[] Maths = ["float32", "tf32"];
    readonly string folder;
    readonly IReadOnlyList<(string Math, BenchRatiosCommand.Ratios Ratios)> ratios;

    PackResults(string folder)
    {
        this.folder = folder;
        ratios = [
            .. Maths.Where(math => Has($"kernels-{math}.json")).Select(math => (math, BenchRatiosCommand.Ratios.Read(
                PathOf($"kernels-{math}.json"), Has($"torch-{math}.jsonl") ? [PathOf($"torch-{math}.jsonl")] : [])))];
        Json = new()
        {
            ["revision"] = Text("revision.txt"),
            ["gpu"] = Text("gpu.txt"),
            ["steps"] = new JsonArray([.. Steps().Select(step => (JsonNode)new JsonObject
            {
                ["name"] = step.Name, ["exit_code"] = step.ExitCode, ["seconds"] = step.Seconds, ["limit"] = step.Limit,
            })]),
            ["devices"] = Part("devices.json"),
            ["prepare"] = Part("prepare.json"),
            ["conformance"] = Part("conformance.json") is { } report ? Conformance(report) : null,
            ["bench"] = new JsonObject(Maths.Select(math => KeyValuePair.Create(math, Part($"kernels-{math}.json")))),
            ["ratios"] = new JsonObject(
                ratios.Select(entry => KeyValuePair.Create(entry.Math, (JsonNode?)entry.Ratios.ToJson()))),
            ["train"] = Part("quickstart.json"),
        };
    }

    /// <summary>One step of the script.</summary>
    /// <param name="ExitCode">124 or 137 where it was stopped after <paramref name="Limit"/> seconds.</param>
    sealed record Step(string Name, int ExitCode, int Seconds, int Limit)
    {
        public bool WasCut => ExitCode is 124 or 137;
    }

    /// <summary>All of it; what was not run is null.</summary>
    public JsonObject Json { get; }

    /// <exception cref="UserException">A part is not what its step writes.</exception>
    public static PackResults Read(string folder) => new(folder);

    /// <summary>results.json and results.txt.</summary>
    public void Write(string output)
    {
        File.WriteAllText(Path.Combine(output, "results.json"),
            Json.ToJsonString(new() { WriteIndented = true }) + "\n");
        using var text = new StreamWriter(Path.Combine(output, "results.txt"));
        WriteText(text);
    }

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"LdNetGpu {Text("revision.txt")}; {Text("gpu.txt") ?? "nvidia-smi names no GPU"}");
        foreach (var step in Steps())
            output.WriteLine(step.ExitCode == 0
                ? $"{step.Name}: {step.Seconds} s"
                : step.WasCut ? $"{step.Name}: CUT after {step.Seconds} s"
                : $"{step.Name}: FAILED with exit code {step.ExitCode} after {step.Seconds} s");
        if (Json["prepare"] is { } prepare) WritePrepare(prepare, output);
        if (Json["conformance"] is { } conformance) WriteConformance(conformance, output);
        foreach (var (math, table) in ratios)
        {
            var bench = Json["bench"]![math]!;
            output.WriteLine($"\n== kernels, {math}: {bench["description"]}, {bench["sizes"]} sizes");
            table.Write(output);
            if (bench["cut"] is JsonArray { Count: > 0 } cut)
                output.WriteLine($"not measured, for the time was up: {string.Join(", ", cut)}");
            if (bench["cublas_problem"] is { } problem) output.WriteLine($"no cuBLAS to measure beside: {problem}");
        }
        if (Json["train"] is { } train)
            output.WriteLine($"\n== quickstart\n{train.ToJsonString(new() { WriteIndented = true })}");
    }

    static void WritePrepare(JsonNode prepare, TextWriter output)
    {
        output.WriteLine($"\n== kernels compiled ahead: {prepare["device"]}, {prepare["architecture"]}, " +
            $"NVRTC {prepare["nvrtc"]} ({prepare["nvrtc_place"]})");
        output.WriteLine(
            $"{prepare["instances"]} instances of {prepare["kernels"]} kernels: {prepare["compiled"]} compiled, " +
            $"{prepare["found_in_cache"]} found in the cache, {prepare["cut"]} left for their first launch; " +
            $"{prepare["seconds"]} s on {prepare["threads"]} threads");
        foreach (var failure in prepare["failed"]!.AsArray())
            output.WriteLine($"failed: {failure!["kernel"]}: {failure["problem"]}");
    }

    static void WriteConformance(JsonNode conformance, TextWriter output)
    {
        output.WriteLine(
            $"\n== conformance: {conformance["passed"]} passed, {conformance["failed"]} "
            + $"failed, {conformance["skipped"]} skipped");
        foreach (var failure in conformance["failures"]!.AsArray())
            output.WriteLine($"failed: {failure!["name"]}: {failure["message"]}");
    }

    // Of the test platform's report, the counts and what failed.
    static JsonObject Conformance(JsonNode report)
    {
        var results = report["results"]!;
        return new()
        {
            ["passed"] = results["summary"]!["passed"]!.DeepClone(),
            ["failed"] = results["summary"]!["failed"]!.DeepClone(),
            ["skipped"] = results["summary"]!["skipped"]!.DeepClone(),
            ["failures"] =
                new JsonArray([.. results["tests"]!.AsArray().Where(test => (string?)test!["status"] == "failed")
                    .Select(test => (JsonNode)new JsonObject
                    {
                        ["name"] = test!["name"]!.DeepClone(), ["message"] = test["message"]?.DeepClone(),
                        ["trace"] = test["trace"]?.DeepClone(),
                    })]),
        };
    }

    // A line each: name, exit code, seconds, most seconds.
    IEnumerable<Step> Steps()
    {
        if (!Has("steps.txt")) yield break;
        foreach (var line in File.ReadLines(PathOf("steps.txt")))
            yield return line.Split(' ') is [var name, var code, var seconds, var limit]
                && int.TryParse(code, out var exit)
                && int.TryParse(seconds, out var taken) && int.TryParse(limit, out var most)
                ? new(name, exit, taken, most)
                : throw new UserException(
                    $"{PathOf("steps.txt")}: '{line}' is not a step's name, exit code, seconds and limit.");
    }

    JsonNode? Part(string name)
    {
        if (!Has(name)) return null;
        try
        {
            return JsonNode.Parse(File.ReadAllText(PathOf(name)));
        }
        catch (JsonException error)
        {
            throw new UserException($"{PathOf(name)}: not whole: {error.Message}");
        }
    }

    string? Text(string name) => Has(name) ? File.ReadAllText(PathOf(name)).Trim() : null;

    // A step that was stopped leaves an empty file.
    bool Has(string name) => new FileInfo(PathOf(name)) is { Exists: true, Length: > 0 };

    string PathOf(string name) => Path.Combine(folder, name);
}
