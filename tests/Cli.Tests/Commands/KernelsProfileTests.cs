using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary>Counts of kernels' lines, by the program.</summary>
public sealed class KernelsProfileTests
{
    static readonly string[] Sizes = ["--size", "rows=8", "--size", "columns=64", "--work", "multiply 8x64"];

    // 8 rows of 64 floats, each row two warps: 4 sectors of every operand.
    [Fact]
    public void AnElementwiseKernelReadsItsOperandsAndWritesItsResult()
    {
        var profile = Assert.Single(Profiles(["ElementwiseKernels.Multiply", .. Sizes]))!;
        Assert.Equal("multiply 8x64", profile["work"]!.GetValue<string>());
        Assert.Equal((2 * 2048, 2048),
            (Count(profile, "global_loads", "bytes"), Count(profile, "global_stores", "bytes")));
        Assert.Equal((2 * 64, 64),
            (Count(profile, "global_loads", "transactions"), Count(profile, "global_stores", "transactions")));
        // The line that loads two operands comes before the one that stores the result.
        var lines = profile["lines"]!.AsArray();
        var loads = lines.Single(line => line!["global_loads"] is not null)!;
        Assert.Equal($"{loads["file"]!.GetValue<string>()}:{loads["line"]!.GetValue<int>()}",
            profile["costliest_lines"]![0]!.GetValue<string>());
        Assert.True(profile["ilgpu"]!["busiest_registers"]!.GetValue<int>() > 0);
    }

    [Fact]
    public void DoublesAreTwiceTheBytes()
    {
        var profile = Profiles(["ElementwiseKernels.Multiply", "--dtype", "double", .. Sizes])[0]!;
        Assert.Equal(2 * 2048, Count(profile, "global_stores", "bytes"));
    }

    [Theory]
    [InlineData("copied", "copy"), InlineData("rows", "sum rows"), InlineData("columns", "tanh")]
    [InlineData("classes", "log-softmax"), InlineData("table", "scatter"), InlineData("width", "gather")]
    [InlineData("parameters", "adam"), InlineData("m", "gemm."), InlineData("n", "gemm.")]
    [InlineData("k", "gemm."), InlineData("steps", "viterbi"), InlineData("batch", "lstm.fwd.T")]
    [InlineData("inputs", "lstm.fwd.T"), InlineData("hidden", "lstm.fwd.T"), InlineData("layers", "dense.fwd.")]
    [InlineData("tags", "viterbi")]
    public void ASizeChangesTheCounts(string size, string work)
    {
        string Lines(params string[] sizes) =>
            string.Concat(Profiles(["Kernels", "--work", work, .. sizes])
                .Select(profile => profile!["lines"]!.ToJsonString()));
        Assert.NotEqual(Lines(), Lines("--size", size + "=7"));
    }

    [Fact]
    public void WithoutARowTheKernelIsShownWhereFewestOthersRun()
    {
        var plainest = Assert.Single(Profiles("GemmKernels.Multiply<float>"))!;
        Assert.Equal("gemm.64x64x64", plainest["work"]!.GetValue<string>());
        Assert.Contains("lstm.fwd.T3B8I32H32", plainest["also_in"]!.AsArray().Select(row => row!.GetValue<string>()));
        var asked = Assert.Single(Profiles("GemmKernels.Multiply<float>", "--work", "lstm.fwd.T"))!;
        Assert.Equal("lstm.fwd.T3B8I32H32", asked["work"]!.GetValue<string>());
    }

    [Fact]
    public void TensorCoresAreProfiledWithTheirMathematics()
    {
        Run("TensorCoreGemm", "--work", "gemm.").Failed(1, "TensorCoreGemm", "--math", "BeginProfile");
        Assert.NotEmpty(Profiles("TensorCoreGemm", "--work", "gemm.", "--math", "tf32"));
    }

    [Fact]
    public void TheTableHasTheCostliestLinesFirstAndASumLast()
    {
        var output = Run("GemmKernels.Multiply<float>").Succeeded().Output;
        var first = output.IndexOf("The lines that cost most:", StringComparison.Ordinal);
        Assert.InRange(first, 0, output.IndexOf("Every line, and all together:", StringComparison.Ordinal));
        Assert.Matches(@"(?m)^  all +100 %", output);
        Assert.Matches(@"(?m)^  ProductOperands\.cs:\d+ ", output);
    }

    [Theory]
    [InlineData(2, "--size rows=0", "1 to")]
    [InlineData(2, "--size rows", "rows=64")]
    [InlineData(2, "--size raws=4", "no size is called 'raws'")]
    [InlineData(1, "--device cuda", "managed device")]
    public void WhatCannotBeIsRefused(int code, string arguments, string words) =>
        Run(["ElementwiseKernels.Multiply", .. arguments.Split(' ')]).Failed(code, words);

    [Fact]
    public void AKernelThatThereIsNotIsNamed() => Run("NoSuchKernel").Failed(1, "NoSuchKernel", "kernels list");

    static Ldnet Run(params string[] arguments) => Ldnet.Run(["kernels", "profile", .. arguments]);

    static JsonArray Profiles(params string[] arguments) => Run([.. arguments, "--json"]).Json["profiles"]!.AsArray();

    // Over all lines.
    static int Count(JsonNode profile, string kind, string count) => profile["lines"]!.AsArray()
        .Sum(line => line![kind] is { } counts ? counts[count]!.GetValue<int>() : 0);
}
