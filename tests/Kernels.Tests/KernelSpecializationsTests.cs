using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Tests;

public class KernelSpecializationsTests
{
    [Fact]
    public void EveryKernelHasAValueForEachSpecialisedParameterAndNoListTwice()
    {
        foreach (var kernel in KernelCatalog.All)
        {
            var lists = KernelSpecializations.Of(kernel, [5, 19]).ToArray();
            var specialised = kernel.Parameters.Count(parameter => parameter.Kind == KernelParameterKind.Specialized);
            Assert.NotEmpty(lists);
            Assert.All(lists, values => Assert.True(values.Length == specialised,
                $"{kernel.Name} has {specialised} specialised values, {values.Length} listed."));
            Assert.Distinct(lists.Select(Text));
            Assert.Contains(Text(KernelSpecializations.Typical(kernel, 19)), lists.Select(Text));
        }
    }

    static string Text(int[] values) => string.Join(' ', values);
}
