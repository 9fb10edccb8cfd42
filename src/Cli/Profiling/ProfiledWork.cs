using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Cli.Benchmarks;
using LdNetGpu.Cli.OwnCode;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Profiling;

/// <summary>What launches kernels for a profile.</summary>
/// <param name="Name">What the profile says it is.</param>
/// <param name="Profile">Runs it once; what prepares the operands is not profiled.</param>
sealed record ProfiledWork<T>(string Name, Func<ManagedDevice, IReadOnlyList<ProfiledKernel>> Profile)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The rows of <c>ldnet bench kernels</c>.</summary>
    /// <param name="sizes">Of the operands.</param>
    /// <param name="math">By what matrix products round.</param>
    public static IReadOnlyList<ProfiledWork<T>> Rows(BenchSizes sizes, ProductPrecision math) =>
    [
        .. ((DeviceWork<T>[])[MemoryWork.Copy<T>(sizes), .. ProductWork.Rows<T>(sizes), .. SequenceWork.Rows<T>(sizes),
            .. MemoryWork.Rows<T>(sizes)]).Select(row => Of(row, math)),
    ];

    /// <summary>An implementation of somebody else's.</summary>
    /// <param name="implementation">Launches its kernels, or the library's.</param>
    /// <param name="seed">Chooses its inputs' values.</param>
    public static ProfiledWork<T> Of(OwnImplementation implementation, ulong seed) => new(implementation.Name, device =>
    {
        using var scope = new TensorScope();
        var backend = new GpuBackend<T>(device, implementation.Kernels);
        using var inputs = new ComparisonInputs<T>(backend, seed);
        var run = implementation.Prepare(backend, inputs);
        using var profile = device.BeginProfile();
        run();
        return profile.Kernels;
    });

    static ProfiledWork<T> Of(DeviceWork<T> row, ProductPrecision math) => new(row.Name, device =>
    {
        using var scope = new TensorScope();
        var run = row.Prepare(DeviceChoice.BackendOf<T>(device, math));
        using var profile = device.BeginProfile();
        run();
        return profile.Kernels;
    });
}
