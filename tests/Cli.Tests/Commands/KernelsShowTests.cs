using LdNetGpu.Cli.Commands;

namespace LdNetGpu.Tests.Commands;

public class KernelsShowTests
{
    [Fact]
    public void EveryMethodWithoutItsTypeIsTheOneOfFloats()
    {
        var methods = KernelNames.Library.All.Select(kernel => kernel.Name.Split('<')[0]).Distinct().ToArray();
        Assert.NotEmpty(methods);
        foreach (var method in methods)
        {
            var found = KernelNames.Library.One(method).Name;
            Assert.Equal(method, found.Split('<')[0]);
            Assert.True(found == method || found.Contains("<float", StringComparison.Ordinal), found);
        }
    }

    [Fact]
    public void EveryNameInFullIsItself() =>
        Assert.All(KernelNames.Library.All, kernel => Assert.Same(kernel, KernelNames.Library.One(kernel.Name)));
}
