using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Tests;

/// <summary>A kind of device that the suites are instantiated for.</summary>
public interface ITestDevice
{
    /// <summary>Why there is none here; null where there is.</summary>
    static abstract string? WhyNot { get; }

    static abstract GpuDevice Open();

    /// <summary>Which of an operation's kernels run.</summary>
    static virtual KernelChoice Choice => KernelChoice.Default;
}

/// <summary>
/// The kernels' own C#, every access checked: a race, a divergent barrier or a read of undefined memory fails the test.
/// </summary>
public sealed class OnManaged : ITestDevice
{
    public static string? WhyNot => null;

    public static GpuDevice Open() => new ManagedDevice();
}

/// <summary>The same, by the portable kernels alone.</summary>
public sealed class OnManagedPortably : ITestDevice
{
    public static string? WhyNot => null;

    public static GpuDevice Open() => new ManagedDevice();

    public static KernelChoice Choice => new(PortableOnly: true);
}

/// <summary>The generated OpenCL C.</summary>
public sealed class OnOpenCl : ITestDevice
{
    public static string? WhyNot => OpenClForTests.WhyNot;

    public static GpuDevice Open() => new OpenClDevice();
}

/// <summary>The generated CUDA C++, on a GPU or the emulator: <see cref="CudaForTests"/>.</summary>
public sealed class OnCuda : ITestDevice
{
    public static string? WhyNot => CudaForTests.WhyNot;

    public static GpuDevice Open() => CudaForTests.Open();
}

/// <summary>The same device with ILGPU's compiler.</summary>
public sealed class OnCudaByIlgpu : ITestDevice
{
    public static string? WhyNot => CudaForTests.WhyNot;

    public static GpuDevice Open() => CudaForTests.Open(KernelCompiler.Ilgpu);
}
