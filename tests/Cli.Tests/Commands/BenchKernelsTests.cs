using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Times are not judged here, only that every row runs and what is said of it.</summary>
public class BenchKernelsTests
{
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
        Assert.Equal(3.0 * 512 * 512 * 4 / (json["copy_gbs"]!.GetValue<double>() * 1e3),
            product["floor_us"]!.GetValue<double>(), 3);
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
