using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Tests.OpenCl;

/// <summary>One device for a test, with a kernel cache of its own that is gone afterwards.</summary>
public abstract class OpenClFixture : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ldnet-opencl-").FullName;

    protected OpenClFixture()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        Device = Open();
    }

    protected OpenClDevice Device { get; }

    /// <summary>Another device over the same cache, as another process would have.</summary>
    protected OpenClDevice Open() => new(null, new CompiledKernelCache(folder));

    protected string CacheFolder => folder;

    public void Dispose()
    {
        Device?.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
