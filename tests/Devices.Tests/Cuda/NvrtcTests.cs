using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests.Cuda;

/// <summary>NVRTC itself where it is installed, for it needs no GPU; else the emulator's.</summary>
public sealed class NvrtcTests : IDisposable
{
    const string Text =
        """
        #line 30 "RealKernels.cs"
        extern "C" __global__ void Fill(float* view, long long view_length) { if (threadIdx.x < view_length) view[threadIdx.x] = SPEC_width; }
        """;

    readonly string folder = Directory.CreateTempSubdirectory("ldnet-nvrtc-").FullName;
    readonly NvrtcCompiler compiler;

    public NvrtcTests()
    {
        if (CudaEmulation.WhyNot is { } reason) Assert.Skip(reason);
        var library = new NativeLibrarySearch("NVRTC", "LDNET_TEST_NVRTC",
            CudaLibraryPlaces.Of("nvrtc", 13).Append(Path.Combine(CudaEmulation.Folder, "libnvrtc.so.13")));
        compiler = new(library, 80, new CompiledKernelCache(folder));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TextBecomesAMachineCodeImageWithTheEntry()
    {
        var image = compiler.Compile(Kernel(Text), ["-DSPEC_width=3"]);
        Assert.Equal([0x7f, (byte)'E', (byte)'L', (byte)'F'], image[..4]);
        Assert.Contains("Fill", Encoding.Latin1.GetString(image));
    }

    [Fact]
    public void ErrorsAreOnTheCSharpLine()
    {
        var error = Assert.ThrowsAny<UserException>(() => compiler.Compile(Kernel(Text), []));
        Assert.Contains("RealKernels.cs(30): error", error.Message);
        Assert.Contains("SPEC_width", error.Message);
    }

    static KernelInstance Kernel(string text) => new()
    {
        Name = "RealKernels.Fill", Entry = "Fill", Cuda = text, Parameters = [], File = "RealKernels.cs", Line = 30,
        Managed = (_, _) => null,
    };
}
