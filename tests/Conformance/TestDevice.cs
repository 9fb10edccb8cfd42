using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Kernels;

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

/// <summary>The kernels' own C#, every access checked: a race, a divergent barrier or a read of undefined memory fails the test.</summary>
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

/// <summary>The generated CUDA C++, where there is a GPU.</summary>
public sealed class OnCuda : ITestDevice
{
    static readonly Lazy<string?> Problem = new(Find);

    public static string? WhyNot => Problem.Value;

    public static GpuDevice Open() => new CudaDevice();

    static string? Find()
    {
        try
        {
            return CudaDriver.Devices().Count > 0 ? null : "the CUDA driver names no device";
        }
        catch (UserException error)
        {
            return error.Message;
        }
    }
}
