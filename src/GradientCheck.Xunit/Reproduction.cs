using System.Reflection;

namespace LdNetGpu.Autograd;

/// <summary>C# that checks a method again.</summary>
sealed class Reproduction(MethodInfo method, int[] sizes, GradientDevice device, GradientCheckOptions options)
{
    public string Text()
    {
        var call = Call();
        return method.IsGenericMethodDefinition ? $$"""
            using System.Numerics;
            using LdNetGpu.Autograd;
            using LdNetGpu.Devices;
            using LdNetGpu.Devices.Managed;
            using LdNetGpu.Kernels;

            public class Reproduction : IDifferentiable
            {
                [Xunit.Fact]
                public void Fails() => GradientAssert.Holds("{{method.Name}}", {{Backend()}}, this,
                    {{OptionsText()}});

                public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> leaf)
                    where T : unmanaged, IFloatingPointIeee754<T> => {{call}};
            }
            """ : $$"""
            using LdNetGpu.Autograd;
            using LdNetGpu.Devices;
            using LdNetGpu.Devices.Managed;
            using LdNetGpu.Kernels;

            public class Reproduction
            {
                [Xunit.Fact]
                public void Fails() => GradientAssert.Holds("{{method.Name}}", {{Backend()}},
                    leaf => {{call}},
                    {{OptionsText()}});
            }
            """;
    }

    string Backend() => device == GradientDevice.Managed ? "new GpuBackend<double>(new ManagedDevice())"
        : "new CpuBackend<double>(new CpuDevice())";

    string Call()
    {
        var owner = "global::" + method.DeclaringType!.FullName!.Replace('+', '.');
        var call = $"{(method.IsStatic ? owner : $"new {owner}()")}.{method.Name}("
            + string.Join(", ", sizes.Select(size => $"{size}").Prepend("leaf")) + ")";
        return method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Tensor<>)
            ? $"[{call}]" : call;
    }

    // What differs from the defaults.
    string OptionsText()
    {
        var plain = new GradientCheckOptions();
        var set = typeof(GradientCheckOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => !Equals(property.GetValue(plain), property.GetValue(options)))
            .Select(property => $"{property.Name} = {Literal(property.GetValue(options)!)}").ToArray();
        return set.Length == 0 ? "new()" : $"new() {{ {string.Join(", ", set)} }}";
    }

    static string Literal(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => Invariant($"{number:R}"),
        _ => Invariant($"{value}"),
    };
}
