using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Commands on the kernels of an assembly that is named: here, on this one's.</summary>
public sealed class OwnKernelsTests : IDisposable
{
    static readonly string Own = typeof(OwnKernels).Assembly.Location;

    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void TheyAreListedAloneWithTheirLines()
    {
        var names = Ldnet.Run("kernels", "list", "--from", Own, "--json").Json.AsArray()
            .Select(kernel => kernel!["name"]!.GetValue<string>());
        Assert.Equal(["OwnKernels.Softplus<double>", "OwnKernels.Softplus<float>",
            "OwnKernels.SoftplusBackward<double>", "OwnKernels.SoftplusBackward<float>", "OwnKernels.Twice"], names);
        var output = Ldnet.Run("kernels", "list", "--from", Own).Succeeded().Output;
        Assert.Matches(@"(?m)^OwnKernels\.Twice +OwnKernels\.cs:17 +cuda opencl", output);
        Assert.DoesNotContain("GemmKernels", output);
    }

    [Fact]
    public void TheirTextsAreShown() => Assert.Contains("__kernel void OwnKernels_Twice",
        Ldnet.Run("kernels", "show", "Twice", "--target", "opencl", "--from", Own).Succeeded().Output);

    [Fact]
    public void AnAdjointIsShownAsCSharp()
    {
        var shown = Ldnet.Run("kernels", "show", "Softplus", "--adjoint", "--from", Own).Succeeded().Output;
        Assert.Contains("static void SoftplusBackward<T>(", shown);
        Assert.Contains("ApplySoftplus", shown);
        Assert.Contains("partial class OwnKernels", shown);
        Assert.Equal(shown.TrimEnd(), Ldnet.Run("kernels", "show", "OwnKernels.Softplus", "--adjoint", "--from", Own,
            "--json").Json["adjoint"]!.GetValue<string>().TrimEnd());
    }

    [Fact]
    public void CompilersAreComparedOnThem()
    {
        if (ClangCompiler.Find(CompiledKernelCache.Default()).Problem is { } problem) Assert.Skip(problem);
        Assert.Matches(@"(?m)^OwnKernels\n +Twice +\d+/\d+",
            Ldnet.Run("kernels", "compare", "Twice", "--from", Own).Succeeded().Output);
    }

    [Fact]
    public void WhatIsNotThereIsTold()
    {
        Ldnet.Run("kernels", "show", "GemmKernels.Multiply", "--from", Own)
            .Failed(1, "no kernel has that in its name; LdNetGpu.Cli.Tests.dll has 5");
        Ldnet.Run("kernels", "show", "Twice", "--from", Own, "--adjoint").Failed(1, "it is not [Differentiable]");
        Ldnet.Run("kernels", "show", "Softplus<float>", "--from", Own, "--adjoint", "--target", "cuda")
            .Failed(1, "--adjoint shows C#");
        Ldnet.Run("kernels", "list", "--from", files.PathOf("none.dll")).Failed(1, "none.dll: no such file");
        Ldnet.Run("kernels", "list", "--from", files.Write("text.dll", "no assembly")).Failed(1, "cannot be loaded");
        Ldnet.Run("kernels", "list", "--from", typeof(Xunit.Assert).Assembly.Location).Failed(1, "no kernels");
        Ldnet.Run("kernels", "list", "--from", typeof(ComputeDevice).Assembly.Location).Failed(1, "no kernels");
    }
}
