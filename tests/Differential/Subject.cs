using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Tests;

/// <summary>A device, with a compiler, whose results are compared with plain C#.</summary>
sealed record Subject(string Name, GpuDevice Device) : IDisposable
{
    /// <summary>
    /// All that are here, ILGPU's PTX apart. OpenCL does not optimize: what is compared is the text, and PoCL's
    /// optimizer makes wrong turns of loops (docs/compilers.md). CUDA's text is optimized.
    /// </summary>
    public static List<Subject> All()
    {
        var all = new List<Subject> { new("managed", new ManagedDevice()) };
        if (OpenClForTests.WhyNot is null) all.Add(new("opencl", new OpenClDevice(optimizes: false)));
        if (CudaForTests.WhyNot is not null) return all;
        all.Add(new("cuda, text", CudaForTests.Open()));
        return all;
    }

    /// <summary>
    /// ILGPU's PTX on CUDA. What the emulated driver makes of PTX runs once: it is compiled without optimization and
    /// without line numbers.
    /// </summary>
    public static Subject Ilgpu()
    {
        if (CudaForTests.IsEmulated) CudaEmulation.Set("EMU_CLANG", "-O0 -g0");
        return new("cuda, ILGPU", CudaForTests.Open(KernelCompiler.Ilgpu));
    }

    /// <summary>ILGPU's PTX on CUDA, where that is, and the device that takes all there is.</summary>
    public static List<Subject> ManagedAndIlgpu() => CudaForTests.WhyNot is null
        ? [new("managed", new ManagedDevice()), Ilgpu()] : [new("managed", new ManagedDevice())];

    /// <summary>All that are here.</summary>
    public static List<Subject> AllAndIlgpu() => CudaForTests.WhyNot is null ? [.. All(), Ilgpu()] : All();

    /// <exception cref="CaseException">The device refuses it, or finds a fault.</exception>
    public void Run(KernelInstance kernel, LaneInputs inputs, CaseResults results)
    {
        using var ints = Of(inputs.Ints);
        using var uints = Of(inputs.UInts);
        using var longs = Of(inputs.Longs);
        using var ulongs = Of(inputs.ULongs);
        using var floats = Of(inputs.Floats);
        using var doubles = Of(inputs.Doubles);
        using var integers = Of(results.Integers);
        using var reals = Of(results.Reals);
        try
        {
            Device.Launch(kernel, (LaneInputs.Groups, LaneInputs.GroupSize),
            [
                KernelArgument.View<int>(ints), KernelArgument.View<uint>(uints), KernelArgument.View<long>(longs),
                KernelArgument.View<ulong>(ulongs),
                KernelArgument.View<float>(floats), KernelArgument.View<double>(doubles),
                KernelArgument.View<long>(integers), KernelArgument.View<double>(reals),
            ]);
            integers.CopyTo(results.Integers);
            reals.CopyTo(results.Reals);
        }
        catch (Exception error) when (error is Devices.UserException or KernelFaultException)
        {
            throw new CaseException(error.Message);
        }
    }

    Devices.DeviceBuffer<T> Of<T>(T[] values) where T : unmanaged
    {
        var buffer = Device.Allocate<T>(values.Length);
        buffer.CopyFrom(values);
        return buffer;
    }

    public void Dispose() => Device.Dispose();
}
