using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests.Emulation;

/// <summary>
/// Tests on the emulator, whose settings they choose and whose log they read. One test at a time: the emulator is the
/// process's.
/// </summary>
[Collection(nameof(EmulatorTest))]
public abstract class EmulatorTest : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ldnet-cuda-").FullName;
    readonly List<string> chosen = [];

    protected EmulatorTest()
    {
        if (CudaEmulation.WhyNot is { } reason) Assert.Skip(reason);
        CudaEmulation.Use();
        Set("EMU_LOG", PathOf("log"));
    }

    /// <summary>What the emulator wrote, a line each.</summary>
    protected string[] Log => File.Exists(PathOf("log")) ? File.ReadAllLines(PathOf("log")) : [];

    /// <summary>A file of the test's own.</summary>
    protected string PathOf(string name) => Path.Combine(folder, name);

    protected NvidiaDevice Open() => new(cache: new CompiledKernelCache(PathOf("kernels")));

    /// <summary>Sets a variable of the emulator until the test's end.</summary>
    protected void Set(string name, object? value)
    {
        CudaEmulation.Set(name, value);
        chosen.Add(name);
    }

    /// <summary>A kernel in CUDA C++ by hand, whose first line is line 1 of <c>Hand.cs</c>.</summary>
    protected static KernelInstance Kernel(string entry, string text, params KernelParameter[] parameters) => new()
    {
        Name = "Hand." + entry, Entry = entry, Cuda = "#line 1 \"Hand.cs\"\n" + text, Parameters = parameters,
        File = "Hand.cs", Line = 1,
        Managed = (_, _) => null,
    };

    /// <summary>The same with one parameter, <c>int* y, long long y_length</c>, and what its body says.</summary>
    protected static KernelInstance Body(string entry, string body) =>
        Kernel(entry, $"extern \"C\" __global__ void {entry}(int* y, long long y_length) {{ {body}\n}}\n",
            new KernelParameter("y", KernelParameterKind.View, "int"));

    /// <summary>Runs such a kernel to its end.</summary>
    protected static int[] Run(NvidiaDevice device, KernelInstance kernel, LdNetGpu.Dialect.LaunchConfig config,
        int length)
    {
        using var y = device.Allocate<int>(length);
        y.CopyFrom(new int[length]);
        device.Launch(kernel, config, [KernelArgument.View(y.View)]);
        var values = new int[length];
        y.CopyTo(values);
        return values;
    }

    /// <summary>The error of what must fail; the words must all be in it.</summary>
    protected static string Fails(Action work, params string[] words)
    {
        var error = Assert.ThrowsAny<UserException>(work);
        foreach (var word in words)
            Assert.True(error.Message.Contains(word, StringComparison.Ordinal),
                $"\"{word}\" is not in: {error.Message}");
        return error.Message;
    }

    public void Dispose()
    {
        foreach (var name in chosen.ToArray()) CudaEmulation.Set(name, null);
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
