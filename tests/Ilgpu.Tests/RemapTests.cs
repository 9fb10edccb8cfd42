using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Tests;

/// <summary>
/// What the remaps are for: what ILGPU compiles without them, in any other program's context, and with them, in ours.
/// Where one of these no longer holds, ILGPU has changed, and the remap may go.
/// </summary>
public class RemapTests
{
    [Theory]
    [InlineData(nameof(RemapKernels.Tanh), "tanh.approx"), InlineData(nameof(RemapKernels.Exp), "ex2.approx")]
    [InlineData(nameof(RemapKernels.Log), "lg2.approx"), InlineData(nameof(RemapKernels.Sin), "sin.approx")]
    public void FunctionsAreApproximationsOfTheHardwareAndOursAreNot(string kernel, string instruction)
    {
        Assert.Contains(instruction, ByIlgpuAlone(kernel));
        Assert.DoesNotContain(".approx", Remapped(kernel));
    }

    [Fact]
    public void ReductionsOfAGroupUseAtomicOperationsAndOursDoNot()
    {
        Assert.Contains("red.add.shared", ByIlgpuAlone(nameof(RemapKernels.Sum)));
        Assert.DoesNotContain("red.add.shared", Remapped(nameof(RemapKernels.Sum)));
    }

    [Theory]
    [InlineData(nameof(RemapKernels.Converted), "cvt.rzi.s32.f32"), InlineData(nameof(RemapKernels.Clamped), "setp")]
    public void FunctionsThatIlgpuDoesNotTakeAreThere(string kernel, string instruction)
    {
        Assert.ThrowsAny<Exception>(() => ByIlgpuAlone(kernel));
        Assert.Contains(instruction, Remapped(kernel));
    }

    /// <summary>They go by memory in the body that ILGPU is given, which folds what it sees as constants.</summary>
    [Fact]
    public void ConstantsAndDivisorsStayInRegisters()
    {
        var ptx = Remapped(nameof(RemapKernels.Constants));
        Assert.Contains("add.f32", ptx);
        Assert.DoesNotContain("add.f32", ByIlgpuAlone(nameof(RemapKernels.Constants)));
        Assert.Contains("div.s32", ptx);
        Assert.DoesNotContain("div.s32", ByIlgpuAlone(nameof(RemapKernels.Constants)));
        Assert.DoesNotContain("local", ptx);
    }

    [Fact]
    public void FusedMultiplyAddIsAFunctionOfNobodysInIlgpuAndAnInstructionInOurs()
    {
        Assert.Contains(".extern .func", ByIlgpuAlone(nameof(RemapKernels.Fused)));
        Assert.DoesNotContain(".extern .func", Remapped(nameof(RemapKernels.Fused)));
        Assert.Contains("fma.rn.f32", Remapped(nameof(RemapKernels.Fused)));
    }

    [Fact]
    public void LargerNumberIsBranchesInIlgpuAndAnInstructionInOurs()
    {
        Assert.DoesNotContain("max.f32", ByIlgpuAlone(nameof(RemapKernels.LargerNumber)));
        Assert.Contains("max.f32", Remapped(nameof(RemapKernels.LargerNumber)));
    }

    [Fact]
    public void LargerOfANumberAndNaNIsTheNumberInIlgpuAndNaNInOurs()
    {
        Assert.DoesNotContain("testp", ByIlgpuAlone(nameof(RemapKernels.Larger)));
        Assert.Contains("testp", Remapped(nameof(RemapKernels.Larger)));
    }

    [Fact]
    public void KernelThatDoesNotCompileIsNamedAndLeavesTheCompilerWhole()
    {
        using var compiler = Compiler();
        var error = Assert.ThrowsAny<UserException>(() => compiler.Compile(Kernel("OfKnownType<float>")));
        Assert.Contains("RemapKernels.OfKnownType<float> (RemapKernels.cs:", error.Message);
        Assert.Contains("System.Type", error.Message);
        Assert.Contains("compile the kernel's text", error.Message);
        Assert.Contains(".entry", compiler.Compile(Kernel("Tanh")));
    }

    [Fact]
    public void VersionOfIlgpuIsTheOneThatTheRemapsAreFor()
    {
        Assert.Equal("1.5.3", IlgpuCompiler.Version);
        var error = Assert.ThrowsAny<UserException>(() => Remaps.TableOf("2.0.0"));
        Assert.Contains("ILGPU 2.0.0 is loaded, and LdNetGpu is made for 1.5.", error.Message);
    }

    static string Remapped(string kernel)
    {
        using var compiler = Compiler();
        return compiler.Compile(Kernel(kernel));
    }

    static KernelInstance Kernel(string name) =>
        RemapKernels.Instances.Single(instance => instance.Name == "RemapKernels." + name);

    static IlgpuCompiler Compiler() =>
        new(90, 13000, new CompiledKernelCache(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));

    static string ByIlgpuAlone(string kernel)
    {
        using var compiler = Compiler();   // fills the table, which must not reach this context
        using var context = Context.Create(builder => builder.EnableAlgorithms());
        using var backend = new PTXBackend(context, new CudaCapabilityContext(CudaArchitecture.SM_90),
            CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null);
        var method = typeof(RemapKernels).GetMethod(kernel, BindingFlags.Static | BindingFlags.Public)!;
        var entry = method.GetParameters().Length == 1
            ? EntryPointDescription.FromExplicitlyGroupedKernel(method)
            : EntryPointDescription.FromImplicitlyGroupedKernel(method);
        return ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
    }
}
