using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary><c>--compiler</c>: who compiles a device's kernels, and what there is without NVRTC.</summary>
public class CompilerChoiceTests
{
    static readonly (string, string)[] WithoutNvrtc =
        [("LDNET_CUDA_LIBRARY", Path.Combine(CudaEmulation.Folder, "libcuda.so.1")),
            ("LDNET_NVRTC_LIBRARY", "/no/such/libnvrtc.so")];

    public CompilerChoiceTests() => Assert.SkipWhen(CudaEmulation.WhyNot is not null, CudaEmulation.WhyNot ?? "");

    [Fact]
    public void DriverAloneWillDo() =>
        Assert.True(Json("gradcheck", "--filter", "crf", "--device", "cuda")["passed"]!.GetValue<bool>());

    [Fact]
    public void DevicesSayWhatIsOffWithoutNvrtc()
    {
        Assert.Contains("compiler: ilgpu (no NVRTC); off: tensor cores",
            LdnetProcess.RunWith(WithoutNvrtc, "devices").Output);
        Assert.Contains("compilers: text, ilgpu", LdnetProcess.RunWith(
            [WithoutNvrtc[0], ("LDNET_NVRTC_LIBRARY", Path.Combine(CudaEmulation.Folder, "libnvrtc.so.13"))],
            "devices").Output);
    }

    [Fact]
    public void TensorCoresAreOfTheTextAlone() =>
        LdnetProcess.RunWith(WithoutNvrtc, "bench", "kernels", "--device", "cuda", "--compiler", "ilgpu", "--math",
            "tf32", "--sizes", "tiny")
            .Failed(1, "--math tf32", "kernels by ILGPU", "--compiler text");

    [Fact]
    public void ListSaysWhatTheCompilerDoesNotOffer()
    {
        var kernels = Json("kernels", "list", "--device", "cuda", "--compiler", "ilgpu").AsArray();
        bool IsOffered(string name) =>
            kernels.First(kernel => kernel!["name"]!.GetValue<string>() == name)!["offered"]!.GetValue<bool>();
        Assert.False(IsOffered("TensorCoreGemmKernels.Multiply"));
        Assert.True(IsOffered("WarpCrfKernels.Forward<float, double>"));
    }

    // A thread a lane: products, whose groups are large and wait for each other often, take half a minute.
    [Fact]
    public void GradientsHoldOnIlgpusOwnAccelerator() =>
        Assert.True(
            Ldnet.Run("gradcheck", "--filter", "cross-entropy", "--device", "ilgpu-cpu",
                "--json").Json["passed"]!.GetValue<bool>());

    [Theory]
    [InlineData("cpu", "ilgpu", "cpu runs no kernels")]
    [InlineData("managed", "text", "no compiler to choose")]
    [InlineData("ilgpu-cpu", "text", "takes no texts")]
    public void DeviceWithoutSuchACompilerSaysSo(string device, string compiler, string reason) =>
        Ldnet.Run("gradcheck", "--filter", "crf", "--device", device, "--compiler", compiler).Failed(1, reason, "out.");

    [Fact]
    public void UnknownCompilerIsBadUsage() => Ldnet.Run("gradcheck", "--compiler", "gcc").Failed(2, "gcc", "text");

    static JsonNode Json(params string[] arguments)
    {
        var run = LdnetProcess.RunWith(WithoutNvrtc, [.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonNode.Parse(run.Output)!;
    }
}
