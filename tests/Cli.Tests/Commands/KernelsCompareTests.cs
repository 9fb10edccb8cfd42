using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Two compilers' PTX side by side.</summary>
public sealed class KernelsCompareTests : IDisposable
{
    readonly TestFiles files = new();

    [Fact]
    public void EveryKernelHasARowWithBothCompilersFigures()
    {
        RequireClang();
        var names = Ldnet.Run("kernels", "list", "--json").Json.AsArray()
            .Select(kernel => kernel!["name"]!.GetValue<string>());
        var rows = Rows(Json("kernels", "compare"));
        Assert.Equal(names, rows.Select(row => row["name"]!.GetValue<string>()));
        Assert.All(rows, row => Assert.True(Figure(row, "text", "instructions") > 0));
        Assert.All(rows, row => Assert.True(Figure(row, "ilgpu", "instructions") > 0
            || row["ilgpu"]!["problem"]!.GetValue<string>().StartsWith("text only: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void PartOfANameTakesFloatAndDouble()
    {
        RequireClang();
        var rows = Rows(Json("kernels", "compare", "LstmKernels.Forward", "--arch", "sm_120"));
        Assert.Equal(["LstmKernels.Forward<double>", "LstmKernels.Forward<float>"],
            rows.Select(row => row["name"]!.GetValue<string>()));
        // Three sigmoids and two hyperbolic tangents: calls in CUDA's text, C#'s own mathematics at ILGPU's.
        Assert.Equal((5, 0), (Figure(rows[1], "text", "library_calls"), Figure(rows[1], "ilgpu", "library_calls")));
        Assert.Equal("sm_90", rows[1]["text"]!["target"]!.GetValue<string>());
    }

    [Fact]
    public void TheTableHasTheKernelBelowItsClassAndNamesTheColumnsThatAreEmpty()
    {
        RequireClang();
        var output = Run("kernels", "compare", "ElementwiseKernels.Add<float>", "--arch", "sm_80").Output;
        Assert.Matches(@"(?m)^sm_80: ILGPU \d.* / the CUDA text by .*clang version", output);
        Assert.Matches(@"(?m)^ILGPU / text +instr +virt +live$", output);
        Assert.Matches(@"(?m)^ElementwiseKernels$", output);
        Assert.Matches(@"(?m)^  Add<float> +\d+/\d+ +\d+/\d+ +\d+/\d+$", output);
        Assert.Contains("0 in every row: local, vec, approx, bar, atom, calls.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AKernelBeyondIlgpuSaysSoInItsRow()
    {
        RequireClang();
        Assert.Matches(@"(?m)^  Multiply\(.*\) +-/\d+ .* text only: Mma, AsyncCopy$",
            Run("kernels", "compare", "TensorCoreGemm").Output);
    }

    [Fact]
    public void EveryArchitectureHasATable()
    {
        var tables =
            Json("kernels", "compare", "ElementwiseKernels.Fill<float>", "--arch", "all")["architectures"]!.AsArray();
        Assert.Equal(["sm_80", "sm_90", "sm_100", "sm_120"],
            tables.Select(one => one!["architecture"]!.GetValue<string>()));
    }

    [Fact]
    public void ArchitectureWithTheFiguresOfAnotherIsALine()
    {
        RequireClang();
        var output = Run("kernels", "compare", "ElementwiseKernels.Fill<float>", "--arch", "all").Output;
        Assert.Single(Regex.Matches(output, "(?m)^ElementwiseKernels$"));
        Assert.Matches(
            @"(?m)^sm_120: ILGPU .* \(its PTX is for sm_80\) / .* \(its PTX is for sm_90\): every figure is that of "
            + @"sm_80\.$", output);
    }

    [Fact]
    public void ShownByIlgpuAKernelIsPtx()
    {
        Assert.Contains(".visible .entry",
            Run("kernels", "show", "ElementwiseKernels.Fill<float>", "--compiler", "ilgpu").Output);
        LdnetProcess.Run("kernels", "show", "TensorCoreGemm", "--compiler", "ilgpu")
            .Failed(1, "Mma", "Leave --compiler out");
        LdnetProcess.Run("kernels", "show", "ElementwiseKernels.Fill", "--compiler", "ilgpu", "--target", "opencl")
            .Failed(1, "Leave --target and --prelude out");
    }

    [Fact]
    public void WithoutClangIlgpusHalfIsShownAndTheOtherSaysWhatToInstall()
    {
        var run = LdnetProcess.RunWith([("LDNET_CLANG", "/no/such/clang"), Cache], "kernels", "compare",
            "ElementwiseKernels.Add<float>");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^  Add<float> +\d+/-", run.Output);
        Assert.Contains("clang is not here: no /no/such/clang that runs", run.Error, StringComparison.Ordinal);
        Assert.Contains("apt install clang-19", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotCompileIsNamedWithTheCompilersWords()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The stand-in for clang is a shell script.");
            return;
        }
        var clang = files.PathOf("clang");
        File.WriteAllText(clang,
            "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Planted clang version 1' && exit 0\necho 'planted error' "
            + ">&2\nexit 1\n");
        File.SetUnixFileMode(clang, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var run = LdnetProcess.RunWith([("LDNET_CLANG", clang), Cache], "kernels", "compare",
            "ElementwiseKernels.Add<float>");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("clang does not compile it", run.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"kernel ElementwiseKernels.Add<float> \(.*:\d+\) does not compile with Planted clang version 1:"
            + @"\s+planted error", run.Output);
    }

    [Fact]
    public void UnknownKernelSaysWhereTheNamesAre() =>
        Ldnet.Run("kernels", "compare", "perceptron").Failed(1, "perceptron", "kernels list");

    [Fact]
    public void UnknownArchitectureIsBadUsage() =>
        Ldnet.Run("kernels", "compare", "--arch", "sm_35").Failed(2, "sm_35", "sm_120");

    public void Dispose() => files.Dispose();

    (string, string) Cache => (CompiledKernelCache.Variable, files.PathOf("kernels"));

    JsonNode Json(params string[] arguments) => JsonNode.Parse(Run([.. arguments, "--json"]).Output)!;

    LdnetProcess Run(params string[] arguments)
    {
        var run = LdnetProcess.RunWith([Cache], arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    static JsonNode[] Rows(JsonNode report) =>
        [.. report["architectures"]![0]!["kernels"]!.AsArray().OfType<JsonNode>()];

    static int? Figure(JsonNode row, string compiler, string name) => row[compiler]![name]?.GetValue<int>();

    void RequireClang()
    {
        if (ClangCompiler.Find(new CompiledKernelCache(files.PathOf("kernels"))).Problem is not { } problem) return;
        Assert.True(Environment.GetEnvironmentVariable("CI") is null, problem);
        Assert.Skip(problem);
    }
}
