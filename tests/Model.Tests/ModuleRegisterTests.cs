using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;

namespace LdNetGpu.Tests;

public class ModuleRegisterTests
{
    sealed class Part(DeviceBackend<float> backend) : Module<float>(backend)
    {
        public void Add(string name) => Register(name, new Shape(2));

        public void Add(string name, Part part) => Register(name, part);
    }

    [Fact]
    public void NamesAreThereAndEachIsOnce()
    {
        using var device = new CpuDevice(1);
        using var module = new Part(new CpuBackend<float>(device));
        using var other = new Part(module.Backend);
        module.Add("weight");
        Assert.Throws<ArgumentException>(() => module.Add("weight"));
        Assert.Throws<ArgumentException>(() => module.Add("weight", other));
        Assert.Throws<ArgumentException>(() => module.Add(""));
        Assert.Throws<ArgumentNullException>(() => module.Add(null!));
        Assert.Throws<ArgumentNullException>(() => module.Add("part", null!));
        Assert.Equal(["weight"], module.Parameters().Select(entry => entry.Name));
    }

    [Fact]
    public void NoModuleIsAPartOfItself()
    {
        using var device = new CpuDevice(1);
        using var outer = new Part(new CpuBackend<float>(device));
        var inner = new Part(outer.Backend);
        outer.Add("inner", inner);
        Assert.Throws<ArgumentException>(() => outer.Add("self", outer));
        Assert.Throws<ArgumentException>(() => inner.Add("outer", outer));
    }
}
