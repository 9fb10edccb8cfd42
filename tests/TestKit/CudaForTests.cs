using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Tests;

/// <summary>The CUDA device that tests run on; without one they are skipped, and say why.</summary>
public static class CudaForTests
{
    static readonly Lazy<string?> Problem = new(Find);

    /// <summary>Why there is no device here; null where there is.</summary>
    public static string? WhyNot => Problem.Value;

    /// <summary>Opens the device; from then on processes that this one starts find it too.</summary>
    public static CudaDevice Open() => new();

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
