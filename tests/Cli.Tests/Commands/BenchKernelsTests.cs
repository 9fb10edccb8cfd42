using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Times are not judged here, only that every row runs and what is said of it.</summary>
public class BenchKernelsTests
{
    static readonly JsonSchema Schema =
        JsonSchema.FromFile(RepositoryRoot.Combine("docs", "reference", "bench-kernels.schema.json"));

    [Theory]
    [InlineData("float", 4)]
    [InlineData("double", 8)]
    public void EveryRowRunsOnTheManagedDevice(string precision, int bytes)
    {
        var json = Ldnet.Run("bench", "kernels", "--device", "managed", "--dtype", precision, "--json").Json;
        var rows = json["rows"]!.AsArray();
        foreach (var part in (string[])
        [
            "copy", "gemm.TN", "lstm.fwdbwd", "dense.fwdbwd.drop0.5", "crf.nll", "crf.viterbi", "scatter-add",
            "cross-entropy.bwd", "adam",
        ])
            Assert.Contains(rows, row => row!["name"]!.GetValue<string>().StartsWith(part, StringComparison.Ordinal));
        Assert.All(rows,
            row => Assert.True(row!["problem"] is null && row["us"]!.GetValue<double>() > 0, row.ToJsonString()));
        Assert.Equal("tiny", json["sizes"]!.GetValue<string>());
        // Two operands of 8 x 24 elements read and one written.
        Assert.Equal(3.0 * 8 * 24 * bytes, Row(rows, "add 8x24")["bytes"]!.GetValue<double>());
        Assert.Equal(2.0 * 16 * 16 * 16, Row(rows, "gemm.16x16x16")["flops"]!.GetValue<double>());
    }

    [Fact]
    public void FloorsStandOnTheCopyAndTheProductOfTheSameRun()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        var json = Ldnet.Run("bench", "kernels", "--device", "opencl", "--sizes", "small", "--only", "multiply 512",
            "--json").Json;
        var rows = json["rows"]!.AsArray();
        Assert.Equal(["copy 1x4194304", "gemm.256x256x256", "multiply 512x512"],
            rows.Select(row => row!["name"]!.GetValue<string>()));
        Assert.Equal(1, Row(rows, "copy 1x4194304")["share"]!.GetValue<double>(), 9);
        Assert.Equal(1, Row(rows, "gemm.256x256x256")["share"]!.GetValue<double>(), 9);
        var product = Row(rows, "multiply 512x512");
        var expected = 3.0 * 512 * 512 * 4 / (json["copy_gbs"]!.GetValue<double>() * 1e3);
        Assert.Equal(1, product["floor_us"]!.GetValue<double>() / expected, 1e-9);
    }

    [Fact]
    public void RowsThatDoNotExistAreAnError() =>
        Ldnet.Run("bench", "kernels", "--sizes", "tiny", "--only", "nosuch").Failed(1, "--only", "tanh 8x24", "lstm");

    [Theory]
    [InlineData("managed"), InlineData("cpu"), InlineData("opencl --cold"), InlineData("cuda")]
    public void TheJsonIsAsItsSchemaSays(string device)
    {
        if (device.StartsWith("opencl") && OpenClForTests.WhyNot is { } noOpenCl) Assert.Skip(noOpenCl);
        if (device == "cuda") UseCuda();
        var json = Ldnet.Run(["bench", "kernels", "--sizes", "tiny", "--only", "tanh", "--json", "--device",
            .. device.Split(' ')]).Json;
        EvaluationResults Result() => Schema.Evaluate(JsonSerializer.SerializeToElement(json),
            new() { OutputFormat = OutputFormat.List });
        Assert.True(Result().IsValid, string.Join('\n', (Result().Details ?? []).Where(part => part.Errors is not null)
            .Select(part => $"{part.InstanceLocation}: {string.Join(", ", part.Errors!.Values)}")));
        json["rows"]![0]!["us"] = -1;
        Assert.False(Result().IsValid);
    }

    [Fact]
    public void CallsEndWhenTheMedianIsKnown()
    {
        const string Name = "tanh 512x512";
        int Calls(string noise) => Row(Ldnet.Run("bench", "kernels", "--device", "cpu", "--sizes", "small", "--only",
            Name, "--noise", noise, "--json").Json["rows"]!.AsArray(), Name)["samples_us"]!.AsArray().Count;
        // A busy machine may be noisier than that once, and not each time.
        Assert.Contains(10, Enumerable.Range(0, 5).Select(_ => Calls("1")));
        Assert.InRange(Calls("0"), 11, 200);
    }

    [Fact]
    public void ColdCallsFindOtherMemoryInTheCaches()
    {
        string[] kernels = ["bench", "kernels", "--device", "cpu", "--sizes", "tiny", "--only", "tanh 8x24"];
        JsonNode Measured(params string[] cold) =>
            Row(Ldnet.Run([.. kernels, .. cold, "--json"]).Json["rows"]!.AsArray(), "tanh 8x24");
        Assert.Null(Measured()["cold_us"]);
        var row = Measured("--cold");
        Assert.InRange(row["cold_samples_us"]!.AsArray().Count, 5, 200);
        Assert.True(row["cold_us"]!.GetValue<double>() > row["least_us"]!.GetValue<double>());
        Assert.Contains("cold µs", Ldnet.Run([.. kernels, "--cold"]).Succeeded().Output);
    }

    [Fact]
    public void TheGpusClocksStandInTheRecord()
    {
        UseCuda();
        if (!CudaForTests.IsEmulated) Assert.Skip("a GPU's clocks are its own");
        string[] kernels = ["bench", "kernels", "--device", "cuda", "--only", "tanh 8x24"];
        CudaEmulation.Set("EMU_THROTTLE", 0x24);
        try
        {
            var json = Ldnet.Run([.. kernels, "--json"]).Json;
            Assert.StartsWith("580.65.06, CUDA ", json["system"]!["driver"]!.GetValue<string>());
            Assert.Equal([1755, 1755], json["system"]!["gpu"]!["mhz"]!.AsArray().Select(mhz => mhz!.GetValue<int>()));
            var row = Row(json["rows"]!.AsArray(), "tanh 8x24");
            Assert.Equal((1755, 45, "PowerCap, Thermal"), (row["mhz"]!.GetValue<int>(),
                row["celsius"]!.GetValue<int>(), row["throttled"]!.GetValue<string>()));
            Assert.Matches(@"(?m)^Multiprocessors at 1755 to 1755 of 1980 MHz, chip at 45 to 45 °C; throttled in \d of",
                Ldnet.Run(kernels).Succeeded().Output);
            CudaEmulation.Set("EMU_THROTTLE", null);
            Assert.Contains("°C, never throttled.", Ldnet.Run(kernels).Succeeded().Output);
        }
        finally
        {
            CudaEmulation.Set("EMU_THROTTLE", null);
        }
    }

    static void UseCuda()
    {
        if (CudaForTests.WhyNot is { } problem) Assert.Skip(problem.Split('\n')[0]);
        CudaForTests.Open().Dispose();
    }

    [Fact]
    public void PlainLinesSayWhatTinyOperandsAreWorth()
    {
        var output = Ldnet.Run("bench", "kernels", "--device", "managed", "--only", "tanh").Succeeded().Output;
        Assert.Contains("nothing is said of speed", output);
        Assert.Contains("tanh.bwd 8x24", output);
        Assert.DoesNotContain("│", output);
    }

    [Fact]
    public void WhatTheTimeDoesNotSufficeForIsListed() =>
        Assert.Contains("adadelta 200", Ldnet.Run("bench", "kernels", "--device", "managed", "--limit", "0", "--json")
            .Json["cut"]!.AsArray().Select(name => name!.GetValue<string>()));

    [Fact]
    public void RatiosStandWhereBothMeasuredTheSame()
    {
        using var folder = new TestFiles();
        var kernels = folder.Write("kernels.json",
            """{ "rows": [{ "name": "a", "us": 10.0, "share": 0.5 }, { "name": "b", "us": 4.0, "share": null }, { "name": "c", "us": null, "problem": "does not compile" }] }""");
        var torch = folder.Write("torch.jsonl",
            "# 2.0 cudnn\n{\"name\": \"a\", \"us\": 20.0}\n{\"name\": \"a.graph\", \"us\": 8.0}\n");
        var json = Ldnet.Run("bench", "ratios", kernels, "--peer", torch, "--json").Json.AsArray();
        Assert.Equal(["a", "b"], json.Select(row => row!["name"]!.GetValue<string>()));
        Assert.Equal(0.5, json[0]!["torch_ratio"]!.GetValue<double>());
        Assert.Null(json[1]!["torch_ratio"]);
        var lines = Ldnet.Run("bench", "ratios", kernels, "--peer", torch).Succeeded().Output;
        Assert.Contains("torch alone, µs: a.graph 8.0", lines);
        Assert.Contains("failed: c: does not compile", lines);
    }

    [Fact]
    public void FilesOfAnotherKindAreNamedWithTheirLine()
    {
        using var folder = new TestFiles();
        var kernels = folder.Write("kernels.json", """{ "rows": [] }""");
        Ldnet.Run("bench", "ratios", folder.Write("other.json", "[1]")).Failed(1, "other.json", "bench kernels --json");
        Ldnet.Run("bench", "ratios", kernels, "--peer", folder.Write("torch.jsonl", "# head\n{\"name\": 3}\n"))
            .Failed(1, "torch.jsonl:2");
    }

    static JsonNode Row(JsonArray rows, string name) => rows.Single(row => row!["name"]!.GetValue<string>() == name)!;
}
