using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Tests.OpenCl;

/// <summary>Compiled kernels outlive the process, and what is not whole in the cache is compiled anew.</summary>
public class OpenClCacheTests : OpenClFixture
{
    [Fact]
    public void SecondDeviceTakesTheKernelFromDisk()
    {
        Assert.Equal(6, Scaled(Device));
        Assert.Equal(0, Device.KernelsFromCache);
        using var other = Open();
        Assert.Equal(6, Scaled(other));
        Assert.Equal(1, other.KernelsFromCache);
    }

    [Fact]
    public void DamagedEntryIsCompiledAnew()
    {
        Scaled(Device);
        var file = Assert.Single(Directory.GetFiles(CacheFolder));
        var whole = File.ReadAllBytes(file);
        var damaged = (byte[])whole.Clone();
        damaged[^1] ^= 1;
        File.WriteAllBytes(file, damaged);
        using var other = Open();
        Assert.Equal(6, Scaled(other));
        Assert.Equal(0, other.KernelsFromCache);
        Assert.NotEqual(damaged, File.ReadAllBytes(file));
    }

    [Fact]
    public void EntryThatIsNoBinaryIsCompiledAnew()
    {
        Scaled(Device);
        var key = Path.GetFileName(Assert.Single(Directory.GetFiles(CacheFolder)));
        Device.Cache.Keep(key, [1, 2, 3]);
        using var other = Open();
        Assert.Equal(6, Scaled(other));
        Assert.Equal(0, other.KernelsFromCache);
    }

    static float Scaled(OpenClDevice device)
    {
        using var buffer = device.Allocate<float>(1);
        buffer.CopyFrom([2]);
        device.Launch(HandWrittenKernels.Scale, (1, 1),
            [KernelArgument.Scalar(1), KernelArgument.View(buffer.View), KernelArgument.Scalar(3f)]);
        var result = new float[1];
        buffer.CopyTo(result);
        return result[0];
    }
}
