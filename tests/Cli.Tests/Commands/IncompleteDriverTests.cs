using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Drivers that are there and lack something: one clear message and exit 1, from the real program.</summary>
public sealed class IncompleteDriverTests : IDisposable
{
    readonly TestFiles files = new();

    [Fact]
    public void GpuWithoutNvrtcListsWhereTheCompilerWasLookedFor()
    {
        if (CudaEmulation.WhyNot is { } reason) Assert.Skip(reason);
        var driver = Path.Combine(CudaEmulation.Folder, "libcuda.so.1");
        LdnetProcess.RunWith([("LDNET_CUDA_LIBRARY", driver), ("LDNET_NVRTC_LIBRARY", "/no/such/libnvrtc.so.12")],
                "gradcheck", "--filter", "scale", "--device", "cuda", "--compiler", "text")
            .Failed(1, "No NVIDIA run-time compiler (NVRTC) found", "/no/such/libnvrtc.so.12: no such file",
                "LDNET_NVRTC_LIBRARY");
    }

    [Fact]
    public void OpenClWithoutDoublePrecisionNamesTheKernelAndTheDevice()
    {
        var loader = ("LDNET_OPENCL_LIBRARY", Fake("fake_opencl"));
        LdnetProcess.RunWith([loader], "gradcheck", "--filter", "scale", "--device", "opencl")
            .Failed(1, "<double>", "ElementwiseKernels.cs:", "computes in double precision",
                "Fake single-precision GPU", "--device cpu");
        var devices = LdnetProcess.RunWith([loader], "devices");
        Assert.Equal(0, devices.ExitCode);
        Assert.Contains("off: double (no cl_khr_fp64)", devices.Output);
    }

    public void Dispose() => files.Dispose();

    string Fake(string name)
    {
        var library = files.PathOf($"lib{name}.so");
        if (CLibrary.Build(Path.Combine(AppContext.BaseDirectory, "Fakes", name + ".c"), library) is { } problem)
            Assert.Skip(problem);
        return library;
    }
}
