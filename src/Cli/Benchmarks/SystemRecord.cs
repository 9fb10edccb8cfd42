using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>
/// What figures were taken on: the machine, the device, its driver, and the GPU's state where NVML tells it.
/// </summary>
sealed class SystemRecord : IDisposable
{
    readonly ComputeDevice device;
    readonly NvmlGpu? nvml;
    readonly List<GpuReading> readings = [];

    /// <param name="device">What is measured.</param>
    public SystemRecord(ComputeDevice device)
    {
        this.device = device;
        if (device is not NvidiaDevice cuda) return;
        try
        {
            nvml = NvmlGpu.Of(cuda);
        }
        catch (UserException error)
        {
            NvmlProblem = error.Message;
        }
    }

    /// <summary>Why nothing is known of a GPU's clocks; null where it is, and of what is no NVIDIA GPU.</summary>
    public string? NvmlProblem { get; }

    /// <summary>The GPU at this moment, which is kept for the record; null without NVML.</summary>
    public GpuReading? Read()
    {
        if (nvml is null) return null;
        readings.Add(nvml.Read());
        return readings[^1];
    }

    public JsonObject ToJson() => new()
    {
        ["device"] = device.Description,
        ["driver"] = Driver,
        ["processor"] = Processor,
        ["cores"] = Environment.ProcessorCount,
        ["memory_bytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        ["load"] = Load,
        ["os"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.OSArchitecture.ToString(),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["program"] = typeof(SystemRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion,
        ["time"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["gpu"] = readings.Count == 0 ? null : Gpu(),
        ["nvml_problem"] = NvmlProblem,
    };

    /// <summary>The GPU's state over the run in words; null without NVML.</summary>
    public string? Words()
    {
        if (readings.Count == 0) return null;
        var most = readings[0].MostMegahertz is { } limit ? $" of {limit}" : "";
        var throttled = readings.Count(reading => reading.Throttled != ThrottleReasons.None);
        return $"Multiprocessors at {Range(reading => reading.Megahertz)}{most} MHz, chip at "
            + $"{Range(reading => reading.Celsius)} °C"
            + (throttled == 0 ? ", never throttled." : $"; throttled in {throttled} of {readings.Count} readings.");
    }

    public void Dispose() => nvml?.Dispose();

    string? Driver => device switch
    {
        NvidiaDevice cuda => nvml is null ? $"CUDA {CudaDeviceInfo.Version(cuda.Info.DriverVersion)}"
            : $"{nvml.DriverVersion}, CUDA {CudaDeviceInfo.Version(cuda.Info.DriverVersion)}",
        OpenClDevice openCl => openCl.Info.DriverVersion,
        _ => null,
    };

    JsonObject Gpu() => new()
    {
        ["mhz"] = Ends(reading => reading.Megahertz),
        ["most_mhz"] = readings[0].MostMegahertz,
        ["memory_mhz"] = Ends(reading => reading.MemoryMegahertz),
        ["most_memory_mhz"] = readings[0].MostMemoryMegahertz,
        ["celsius"] = Ends(reading => reading.Celsius),
        ["watts"] = Ends(reading => reading.Watts),
        ["most_watts"] = readings[0].MostWatts,
    };

    // Least and most of the run.
    JsonArray? Ends(Func<GpuReading, double?> part)
    {
        var known = readings.Select(part).OfType<double>().ToList();
        return known.Count == 0 ? null : [known.Min(), known.Max()];
    }

    string Range(Func<GpuReading, double?> part) => Ends(part) is not [{ } least, { } most] ? "an unknown number of"
        : $"{least} to {most}";

    static string? Processor => Line("/proc/cpuinfo", "model name")
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");

    // Runnable threads over the last minute: what else the machine does.
    static double? Load => File.Exists("/proc/loadavg")
        && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], out var load) ? load : null;

    static string? Line(string file, string name) => !File.Exists(file) ? null
        : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim() : null;
}
