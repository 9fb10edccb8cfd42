using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Autograd;

/// <summary>
/// Searches the values of a kernel's tunable parameters that are fastest on a device. A candidate is timed only where
/// the managed device finds no fault in it, and its results there and on the device are as near to double precision as
/// the work says.
/// </summary>
public sealed class KernelTuner
{
    readonly KernelInstance kernel;
    readonly TuningWork work;
    readonly TuningOptions options;

    /// <summary>Tunes nothing yet.</summary>
    /// <param name="kernel">In float, with parameters marked <see cref="Dialect.TunableAttribute"/>.</param>
    /// <param name="work">Launches it, in one way.</param>
    /// <param name="options">How; the defaults where null.</param>
    public KernelTuner(KernelInstance kernel, TuningWork work, TuningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(work);
        (this.kernel, this.work, this.options) = (kernel, work, options ?? new());
    }

    /// <summary>Searches, or goes on with a search that was interrupted.</summary>
    /// <param name="device">Where; the managed device, which knows no time, is refused.</param>
    /// <param name="previous">A record of the same kernel, text, device, driver and work; null for a new search.
    /// </param>
    /// <param name="progress">Told of every candidate and round, on this thread.</param>
    /// <param name="cancellation">
    /// Asked between candidates and rounds: what was found out so far is returned, its search open.
    /// </param>
    /// <exception cref="ArgumentException">It is the managed device.</exception>
    /// <exception cref="UserException">
    /// The kernel has nothing to tune, the work does not launch it in one way, the device takes no records, or the
    /// previous search is of something else.
    /// </exception>
    /// <exception cref="Devices.Drivers.DeviceLostException">The device stopped working.</exception>
    public TuningRecord Run(GpuDevice device, TuningRecord? previous = null,
        IProgress<TuningProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device is ManagedDevice) throw new ArgumentException("The managed device knows no time.", nameof(device));
        using var bench = new DeviceTuningBench(kernel, work, device, options.Seed);
        return new TuningSearch(bench, options, TimeProvider.System, progress).Run(previous, cancellation);
    }
}
