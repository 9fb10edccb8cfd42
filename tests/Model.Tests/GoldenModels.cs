using System.Numerics;
using LdNetGpu.Model;

namespace LdNetGpu.Tests;

static class GoldenModels
{
    /// <summary>Gives every parameter of a module the golden's value of its published name.</summary>
    public static void Fill<T>(Module<T> module, Golden golden) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var (name, parameter) in module.Parameters())
        {
            Assert.Equal(golden.Shape($"model/parameter/{name}"), parameter.Shape.Sizes.ToArray());
            parameter.CopyFrom(Array.ConvertAll(golden.Values($"model/parameter/{name}"), T.CreateChecked));
        }
        Assert.Equal(golden.Case("model").Names.Count(name => name.StartsWith("parameter/", StringComparison.Ordinal)),
            module.Parameters().Count());
    }
}
