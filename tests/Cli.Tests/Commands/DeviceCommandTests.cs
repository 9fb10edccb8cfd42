namespace LdNetGpu.Tests.Commands;

/// <summary>Devices and kernels as the program shows them, and devices that are not here.</summary>
public class DeviceCommandTests
{
    [Fact]
    public void DevicesNamesEveryKindAndWhereDriversWereLookedFor()
    {
        var json = Ldnet.Run("devices", "--json").Json;
        foreach (var kind in (string[])["cpu", "managed"]) Assert.Single(json[kind]!["found"]!.AsArray());
        foreach (var kind in (string[])["opencl", "cuda"])
        {
            Assert.NotEmpty(json[kind]!["libraries"]![0]!["tried"]!.AsArray());
            Assert.True(json[kind]!["found"]!.AsArray().Count > 0 || json[kind]!["problem"] is not null);
        }
    }

    [Fact]
    public void DriverThatIsNotThereListsThePathTried() =>
        LdnetProcess.RunWith([("LDNET_CUDA_LIBRARY", "/no/such/libcuda.so")], "gradcheck", "--filter", "crf",
            "--device", "cuda")
            .Failed(1, "No CUDA driver found", "/no/such/libcuda.so: no such file", "LDNET_CUDA_LIBRARY");

    [Fact]
    public void OpenClDeviceThatIsNotThereListsThoseThatAre()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        Ldnet.Run("gradcheck", "--filter", "crf", "--device", "opencl:99").Failed(1, "opencl:99", "Found: opencl:0");
    }

    [Fact]
    public void GradientsHoldOnOpenCl()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        Assert.True(
            Ldnet.Run("gradcheck", "--filter", "linear with relu", "--device", "opencl",
                "--json").Json["passed"]!.GetValue<bool>());
    }

    [Fact]
    public void EveryListedKernelHasItsTextShown()
    {
        var kernels = Ldnet.Run("kernels", "list", "--json").Json.AsArray();
        Assert.NotEmpty(kernels);
        var kernel = kernels.First(kernel => kernel!["opencl"]!.GetValue<bool>())!["name"]!.GetValue<string>();
        Assert.Contains("__global__", Ldnet.Run("kernels", "show", kernel, "--target", "cuda").Succeeded().Output);
        Assert.Contains("__kernel", Ldnet.Run("kernels", "show", kernel, "--target", "opencl").Succeeded().Output);
    }

    [Fact]
    public void ListSaysWhenWhichKernelOfAnOperationIsUsed()
    {
        var ways = Ldnet.Run("kernels", "list", "--device", "managed", "--json").Json.AsArray()
            .Where(kernel => kernel!["operation"]?.GetValue<string>() == "matrix product").ToList();
        Assert.Contains(ways, way => way!["name"]!.GetValue<string>() == "TensorCoreGemmKernels.Multiply"
            && way["used"]!.GetValue<string>()
                .StartsWith("when the elements are floats, tf32 or tf32x3 is asked for", StringComparison.Ordinal)
            && way["offered"]!.GetValue<bool>());
        Assert.Contains(ways, way => way!["name"]!.GetValue<string>() == "GemmKernels.Multiply<float>"
            && way["used"]!.GetValue<string>() == "else");
        var lines = Ldnet.Run("kernels", "list").Succeeded().Output.Split('\n');
        Assert.Contains(
            "cross-entropy: VectorCrossEntropyKernels.Forward is used when the elements are floats, rows start on "
            + "multiples of 16 bytes and the device offers Vector; else CrossEntropyKernels.Forward.", lines);
        Assert.Contains(
            "adam step: AdamAllKernels.Adam (8 at once) is used when the operands have no gaps between rows; else "
            + "OptimizerKernels.Adam.", lines);
    }

    [Theory]
    [InlineData("LstmKernels.Forward", "LstmKernels.Forward<float>")]
    [InlineData("lstmkernels.forward<DOUBLE>", "LstmKernels.Forward<double>")]
    [InlineData("VectorCrossEntropyKernels.Forward", "VectorCrossEntropyKernels.Forward")]
    [InlineData("ScatterAddLinked", "RowsKernels.ScatterAddLinked<float>")]
    public void KernelIsFoundByItsMethodBeforeLongerNamesAndForFloats(string wanted, string found)
    {
        var shown = Ldnet.Run("kernels", "show", wanted, "--json").Succeeded();
        Assert.Equal(found, shown.Json["name"]!.GetValue<string>());
        if (wanted != found) Assert.Contains(found + ", ", shown.Error);
    }

    [Fact]
    public void PartOfSeveralKernelsNamesIsRefusedWithTheNames() =>
        Ldnet.Run("kernels", "show", "CrossEntropyKernels.Fo")
            .Failed(1, "3 kernels", "VectorCrossEntropyKernels.Forward", "Give the whole name");

    [Fact]
    public void KernelBeyondOpenClSaysWhatItNeeds() =>
        Ldnet.Run("kernels", "show", "TensorCoreGemmKernels.Multiply", "--target", "opencl")
            .Failed(1, "no OpenCL text", "Mma, AsyncCopy", "--target cuda");

    [Fact]
    public void Tf32WantsTensorCores()
    {
        Ldnet.Run("tag", "--model", "none", "--math", "tf32").Failed(1, "--math tf32", "no tensor cores");
        Ldnet.Run("kernels", "list", "--math", "tf8").Failed(2, "tf8");
    }

    [Fact]
    public void UnknownKernelSaysWhereTheNamesAre() =>
        Ldnet.Run("kernels", "show", "perceptron").Failed(1, "perceptron", "kernels list");
}
