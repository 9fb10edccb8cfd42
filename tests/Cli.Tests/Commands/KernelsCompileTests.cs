using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Kernels compiled ahead are those that later runs launch.</summary>
public sealed class KernelsCompileTests : IDisposable
{
    readonly TestFiles files = new();

    [Theory, InlineData("text"), InlineData("ilgpu")]
    public void WhatWasCompiledAheadIsAllThatTheBenchmarksLaunch(string compiler)
    {
        if (CudaForTests.WhyNot is { } problem) Assert.Skip(problem.Split('\n')[0]);
        CudaForTests.Open().Dispose();
        var cache = files.PathOf("kernels");
        JsonNode Run(params string[] arguments)
        {
            var run = LdnetProcess.RunWith([("LDNET_KERNEL_CACHE", cache)], 
                [.. arguments, "--device", "cuda", "--compiler", compiler, "--dtype", "double", "--json"]);
            Assert.True(run.ExitCode == 0, run.Error);
            return JsonNode.Parse(run.Output)!;
        }
        string[] compile = ["kernels", "compile", "--tags", "5"];
        Assert.Equal(0, Run([.. compile, "--limit", "0"])["compiled"]!.GetValue<int>());
        var first = Run(compile);
        var instances = first["instances"]!.GetValue<int>();
        Assert.Equal(instances, first["compiled"]!.GetValue<int>());
        Assert.Equal(instances, Run(compile)["found_in_cache"]!.GetValue<int>());
        var compiled = Directory.GetFiles(cache).Order().ToArray();
        Assert.Equal(instances, compiled.Length);
        Run("bench", "kernels", "--sizes", "tiny");
        Assert.Equal(compiled, Directory.GetFiles(cache).Order());
    }

    [Fact]
    public void EachKernelThatDoesNotCompileIsNamedWithItsLine()
    {
        if (CudaEmulation.WhyNot is { } problem) Assert.Skip(problem);
        var run = LdnetProcess.RunWith(
            [
                ("LDNET_CUDA_LIBRARY", Path.Combine(CudaEmulation.Folder, "libcuda.so.1")),
                ("LDNET_NVRTC_LIBRARY", Library("failing_nvrtc")),
                ("LDNET_KERNEL_CACHE", files.PathOf("none")),
            ],
            "kernels", "compile", "--device", "cuda");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "GemmKernels.Multiply<float>(0, 1, 4, 0): kernel GemmKernels.Multiply<float> (Gemm/GemmKernels.cs:",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("Kernels.cs(7): error", run.Output, StringComparison.Ordinal);
        Assert.Contains("'ldnet kernels show \"GemmKernels.Multiply<float>\" --target cuda' prints the text.",
            run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherDevicesAreRefused() =>
        Ldnet.Run("kernels", "compile", "--device", "managed").Failed(1, "--device managed", "--device cuda");

    public void Dispose() => files.Dispose();

    string Library(string name)
    {
        var library = files.PathOf($"lib{name}.so");
        if (CLibrary.Build(Path.Combine(AppContext.BaseDirectory, "Fakes", name + ".c"), library) is { } problem)
            Assert.Skip(problem);
        return library;
    }
}
