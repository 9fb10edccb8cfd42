using ILGPU;
using ILGPU.Algorithms;

namespace LdNetGpu.Tests;

/// <summary>A program that uses ILGPU and this library needs no name twice.</summary>
public class NameTests
{
    [Fact]
    public void NoTypeHasTheNameOfOneOfIlgpus()
    {
        var theirs = new[] { typeof(Context), typeof(XMath) }.SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => !type.IsNested).Select(type => type.Name).ToHashSet();
        var ours = new[] { typeof(Devices.ComputeDevice), typeof(Kernels.KernelCatalog), typeof(Autograd.Tensor) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => !type.IsNested && type.Namespace?.StartsWith("LdNetGpu", StringComparison.Ordinal) == true)
            .ToArray();
        Assert.True(ours.Length > 300);
        Assert.Empty(ours.Where(type => theirs.Contains(type.Name)).Select(type => type.FullName));
    }
}
