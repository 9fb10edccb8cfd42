using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Tests;

/// <summary>
/// Every kernel that has no CUDA of its own compiles with ILGPU, for the architectures that the project names.
/// </summary>
public class CompilationTests
{
    [Theory, InlineData(80), InlineData(90), InlineData(100), InlineData(120)]
    public void EveryKernelCompiles(int computeCapability)
    {
        using var compiler = new IlgpuCompiler(computeCapability, 13000,
            new CompiledKernelCache(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
        var failures = new List<string>();
        foreach (var kernel in Kernels.KernelCatalog.All)
        {
            if ((kernel.Requires & KernelRequirements.TextOnly) != 0) continue;
            foreach (var specialized in KernelSpecializations.Of(kernel, [6]))
                try
                {
                    Assert.Contains(".entry", compiler.Compile(kernel, specialized), StringComparison.Ordinal);
                }
                catch (Exception error)
                {
                    failures.Add(error.GetType().Name + error.Message);
                }
        }
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    [Fact]
    public void CachedKernelsAreThoseOfEveryAssemblyThatTheyMayCall()
    {
        var names = IlgpuCompiler.Reachable(typeof(CompilationTests).Assembly)
            .Select(assembly => assembly.GetName().Name).ToArray();
        foreach (var name in (string[])["LdNetGpu.Ilgpu.Tests", "LdNetGpu.Kernels", "LdNetGpu.Devices", "ILGPU",
            "ILGPU.Algorithms", "xunit.v3.assert"])
            Assert.Contains(name, names);
        Assert.DoesNotContain("System.Private.CoreLib", names);
    }

    [Fact]
    public void EveryKernelLoads()
    {
        using var device = CudaForTests.Open(KernelCompiler.Ilgpu);
        foreach (var kernel in Kernels.KernelCatalog.All.Where(
            kernel => (kernel.Requires & KernelRequirements.TextOnly) == 0))
            device.Prepare(kernel, [.. KernelSpecializations.Typical(kernel, 6).Select(KernelArgument.Specialized)]);
    }
}
