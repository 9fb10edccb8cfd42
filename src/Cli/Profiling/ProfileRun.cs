using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Cli.Benchmarks;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Cli.Profiling;

/// <summary>A kernel as one row of the benchmark launched it.</summary>
/// <param name="Work">The row, with its sizes.</param>
/// <param name="Others">Kernels that the row launched besides.</param>
sealed record KernelInWork(string Work, ProfiledKernel Profile, int Others)
{
    /// <summary>Other rows that launched it, and are not shown.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];
}

/// <summary>Runs rows of <c>ldnet bench kernels</c> on the managed device and keeps what some kernels did.</summary>
/// <param name="sizes">Of the operands.</param>
/// <param name="wanted">Which rows to run.</param>
sealed class ProfileRun<T>(BenchSizes sizes, Func<string, bool> wanted)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Every row that launched one of the kernels, each kernel of it by itself.</summary>
    /// <param name="context">Where progress is shown, and by what matrix products round.</param>
    /// <param name="kernels">Those that are kept.</param>
    public IReadOnlyList<KernelInWork> Of(CommandContext context, IReadOnlyCollection<KernelInstance> kernels)
    {
        using var device = new ManagedDevice(check: false);
        var backend = DeviceChoice.BackendOf<T>(device, context.Math);
        DeviceWork<T>[] work =
        [
            .. ((DeviceWork<T>[])[MemoryWork.Copy<T>(sizes), .. ProductWork.Rows<T>(sizes),
                .. SequenceWork.Rows<T>(sizes), .. MemoryWork.Rows<T>(sizes)]).Where(row => wanted(row.Name)),
        ];
        var found = new List<KernelInWork>();
        using var progress = context.StartProgress("rows on the managed device", work.Length, "rows");
        foreach (var row in work)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var launched = Profile(device, backend, row);
            found.AddRange(launched.Where(kernel => kernels.Contains(kernel.Kernel))
                .Select(kernel => new KernelInWork(row.Name, kernel, launched.Count - 1)));
            progress.Advance(1, row.Name);
        }
        return found;
    }

    // What prepares the operands is not profiled.
    static IReadOnlyList<ProfiledKernel> Profile(ManagedDevice device, DeviceBackend<T> backend, DeviceWork<T> row)
    {
        using var scope = new TensorScope();
        var run = row.Prepare(backend);
        using var profile = device.BeginProfile();
        run();
        return profile.Kernels;
    }
}
