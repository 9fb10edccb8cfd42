using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Runs of <c>bench kernels</c>, made up here, side by side.</summary>
public sealed class BenchCompareTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void EachRowIsHeldAgainstTheFirstMachines()
    {
        var (a, b) = (Write("a", Run(10)), Write("b", Run(5)));
        var json = Json(a, b, a);
        Assert.Equal(["a 1", "b", "a 2"], json["runs"]!.AsArray().Select(run => run!["name"]!.GetValue<string>()));
        var cells = json["rows"]![0]!["runs"]!.AsArray();
        Assert.Equal(("FASTER", 0.5), Verdict(cells[1]!));
        Assert.Equal(("SAME", 1.0), Verdict(cells[2]!));
        Assert.Null(cells[0]!["verdict"]);
        Assert.Equal("SLOWER", Verdict(Json(b, a)["rows"]![0]!["runs"]![1]!).Verdict);
        // A floor of 4 µs on both.
        Assert.Equal([0.4, 0.8, 0.4], cells.Select(cell => Math.Round(cell!["share"]!.GetValue<double>(), 2)));
    }

    [Fact]
    public void WhatNoiseHidesIsAmbiguous()
    {
        var restless = Run(10);
        restless["rows"]![0]!["samples_us"] = new JsonArray([.. Enumerable.Range(1, 20).Select(i => (JsonNode)i)]);
        Assert.Equal("AMBIGUOUS",
            Verdict(Json(Write("a", Run(10)), Write("b", restless))["rows"]![0]!["runs"]![1]!).Verdict);
    }

    [Fact]
    public void TheMarginSaysWhatIsTheSame()
    {
        var (a, b) = (Write("a", Run(10)), Write("b", Run(10.5)));
        string Of(string margin) =>
            Verdict(Json(a, b, "--margin", margin)["rows"]![0]!["runs"]![1]!).Verdict;
        Assert.Equal(("SLOWER", "SAME"), (Of("0.03"), Of("0.1")));
    }

    [Fact]
    public void ColdTimesAreComparedWhereTheyWereTaken()
    {
        var cold = Run(10);
        cold["rows"]![0]!["cold_samples_us"] = Samples(40);
        var (a, b) = (Write("a", cold), Write("b", Run(5)));
        Assert.Equal(40, Json(a, a, "--cold")["rows"]![0]!["runs"]![0]!["us"]!.GetValue<double>(), 2);
        Compare(a, b, "--cold").Failed(1, "b has no times with cold caches", "--cold");
    }

    [Fact]
    public void TheTableHasMachinesRowsAndWhatIsToBeSaidOfThem()
    {
        var slowed = Run(20);
        slowed["rows"]![0]!["throttled"] = "PowerCap";
        var failed = Run(20);
        failed["rows"]!.AsArray().Add(Row("only here", null, "does not compile"));
        var output = Compare(Write("a", Run(10)), Write("slow", slowed), Write("c", failed)).Succeeded().Output;
        foreach (var words in (string[])
        [
            "slow: H200, float, full sizes; copies 4,000 GB/s, products 50.0 TFLOP/s; Xeon, driver 580, 1.0, now",
            "2.00 (2.00 to 2.00) SLOWER", "slow: clocks were held down (PowerCap) in gemm.1x2x3.",
            "c: only here failed: does not compile", "what changes from run to run, as clocks do, is not in it",
        ])
            Assert.Contains(words, output);
        Assert.Matches(@"(?m)^only here +failed", output);
    }

    [Fact]
    public void ResultsOfThePackAreReadToo()
    {
        var pack = new JsonObject { ["bench"] = new JsonObject { ["float32"] = Run(10), ["tf32"] = Run(5) } };
        Assert.Equal(["pack float32", "pack tf32"],
            Json(Write("pack", pack))["runs"]!.AsArray().Select(run => run!["name"]!.GetValue<string>()));
    }

    [Fact]
    public void ThePageIsLaidOutWithItsRoofline()
    {
        if (Browser.WhyNot is { } problem) Assert.Skip(problem);
        var page = files.PathOf("page.html");
        Compare(Write("a", Run(10)), Write("b<i>", Run(5)), "--html", page).Succeeded();
        var seen = Browser.Open(page);
        Assert.Equal("Kernels on a, b<i>", seen["title"]!.GetValue<string>());
        var image = Assert.Single(seen["images"]!.AsArray())!;
        Assert.Equal((860, 480), (image["width"]!.GetValue<int>(), image["height"]!.GetValue<int>()));
        Assert.Equal(0, seen["overflow"]!.GetValue<int>());
        var rows = seen["rows"]!.AsArray().Select(row => row!.AsArray().Select(cell => cell!.GetValue<string>()));
        Assert.Contains(rows, row => row.SequenceEqual(["processor", "Xeon", "Xeon"]));
        Assert.Contains(rows, row => row.SequenceEqual(
            ["gemm.1x2x3", "10.0", "0.0 %", "40 %", "5.00", "0.0 %", "80 %", "0.50 (0.50 to 0.50) FASTER"]));
    }

    [Theory]
    [InlineData("version", "2", "version 2 of ldnet.bench.kernels, and this program reads version 1")]
    [InlineData("version", "\"1\"", "version \"1\"")]
    [InlineData("version", "1.5", "version 1.5")]
    [InlineData("format", "\"other\"", "\"format\" is not \"ldnet.bench.kernels\"")]
    [InlineData("system", "null", "system")]
    [InlineData("rows", "null", "rows")]
    [InlineData("rows", "[null]", "rows")]
    [InlineData("rows", "[{ \"name\": \"a\" }]", "bytes")]
    [InlineData("copy_gbs", "\"fast\"", "copy_gbs")]
    public void AFileOfAnotherKindIsNamed(string member, string value, string words)
    {
        var run = Run(10);
        run[member] = JsonNode.Parse(value);
        Compare(Write("a", run)).Failed(1, "a.json", words);
    }

    [Theory]
    [InlineData("samples_us", "[]"), InlineData("samples_us", "[1, 0]"), InlineData("samples_us", "[1e999]")]
    [InlineData("samples_us", "[1e308]"), InlineData("floor_us", "-1")]
    [InlineData("cold_samples_us", "[-1]"), InlineData("bytes", "-1"), InlineData("flops", "1e999")]
    public void FiguresThatAreNoneAreRefused(string member, string value)
    {
        var run = Run(10);
        run["rows"]![0]![member] = JsonNode.Parse(value);
        Compare(Write("a", run)).Failed(1, "a.json", "row 'gemm.1x2x3'");
    }

    [Fact]
    public void ATerminalDoesNotObeyWhatAFileSays()
    {
        var run = Run(10);
        run["description"] = "H\u001b[2J\u202e200";
        run["rows"]![0]!["name"] = "gemm\u001b]0;x\u0007\nrow";
        var output = Compare(Write("a", run)).Succeeded().Output;
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("H\\u001B[2J\\u202E200", output);
        Assert.Contains("gemm\\u001B]0;x\\u0007\\u000Arow", output);
        run["rows"]![0]!["bytes"] = -1;
        Assert.DoesNotContain('\u001b', Compare(Write("a", run)).Failed(1, "gemm\\u001B").Error);
    }

    [Fact]
    public void WhatCannotBeComparedIsRefused()
    {
        var (small, twice) = (Run(10), Run(10));
        small["sizes"] = "small";
        twice["rows"]!.AsArray().Add(twice["rows"]![0]!.DeepClone());
        var a = Write("a", Run(10));
        Compare(a, Write("b", small)).Failed(1, "a has full sizes and b small ones", "--sizes");
        var half = Run(10);
        (half["dtype"], half["math"]) = ("double", "tf32");
        var output = Compare(a, Write("half", half)).Succeeded().Output;
        Assert.Contains("a computes in float and half in double", output);
        Assert.Contains("Products are float32 in a and tf32 in half.", output);
        Compare(Write("c", twice)).Failed(1, "row 'gemm.1x2x3' is there 2 times");
        Compare(files.Write("d.json", "{ \"rows\": ")).Failed(1, "d.json");
        Compare(files.Write("f.json", "{ \"version\": 1, \"version\": 2 }")).Failed(1, "f.json",
            "not what 'ldnet bench kernels --json' writes");
        Compare(files.Write("e.json", "[1, 2]")).Failed(1, "e.json", "no object");
        Compare(files.PathOf("nowhere.json")).Failed(1, "nowhere.json");
        Compare(a, "--html", files.PathOf("no/page.html")).Failed(1, "there is no folder");
        Compare(a, "--margin", "2").Failed(2, "--margin");
        Compare().Failed(2, "Required argument missing");
    }

    static Ldnet Compare(params string[] arguments) => Ldnet.Run(["bench", "compare", .. arguments]);

    static JsonNode Json(params string[] arguments) => Compare([.. arguments, "--json"]).Json;

    string Write(string name, JsonObject run) => files.Write(name + ".json", run.ToJsonString());

    static (string Verdict, double Ratio) Verdict(JsonNode cell) =>
        (cell["verdict"]!.GetValue<string>(), Math.Round(cell["ratio"]!.GetValue<double>(), 6));

    static JsonArray Samples(double time) =>
        [.. Enumerable.Range(0, 20).Select(i => (JsonNode)(time * (1 + i * 1e-5)))];

    static JsonObject Row(string name, double? time, string? problem = null) => new()
    {
        ["name"] = name, ["bytes"] = 1e6, ["flops"] = 1e8, ["samples_us"] = time is { } known ? Samples(known) : null,
        ["cold_samples_us"] = null, ["floor_us"] = 4.0, ["throttled"] = null, ["problem"] = problem,
    };

    // As much as is read of a run.
    static JsonObject Run(double time) => new()
    {
        ["format"] = "ldnet.bench.kernels", ["version"] = 1, ["device"] = "cuda", ["description"] = "H200",
        ["dtype"] = "float", ["math"] = "float32", ["sizes"] = "full", ["copy_gbs"] = 4000.0, ["gemm_tflops"] = 50.0,
        ["system"] = new JsonObject
        {
            ["processor"] = "Xeon", ["driver"] = "580", ["program"] = "1.0", ["time"] = "now",
        },
        ["rows"] = new JsonArray(Row("gemm.1x2x3", time)),
    };
}
