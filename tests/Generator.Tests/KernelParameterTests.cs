using System.Reflection;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>
/// Kernels take few parameters: what travels together is a struct, and a matrix brings its stride. Counted are the C#
/// method's parameters, the index and specialised values too.
/// </summary>
public class KernelParameterTests
{
    const int Most = 9;

    static IEnumerable<(string Kernel, ParameterInfo[] Parameters)> Kernels =>
        KernelCatalog.All.Select(kernel => (kernel.Name, kernel.Source!().GetParameters()));

    [Fact]
    public void KernelsTakeFewParameters() => Assert.All(Kernels, kernel =>
        Assert.True(kernel.Parameters.Length <= Most, kernel.Kernel));

    [Fact]
    public void NoStrideStandsBesideAView() => Assert.Empty(Kernels.SelectMany(kernel => kernel.Parameters
        .Where(parameter => parameter.ParameterType == typeof(int)
        && parameter.Name!.EndsWith("stride", StringComparison.OrdinalIgnoreCase))
        .Select(parameter => $"{kernel.Kernel}: {parameter.Name}; pass a Matrix<T>")));

    [Fact]
    public void StructsAreMadeOfNumbersAndViews() => Assert.Empty(Kernels
        .SelectMany(
            kernel => kernel.Parameters.SelectMany(parameter => Misfits(parameter.ParameterType, parameter.Name!)
                .Select(misfit => $"{kernel.Kernel}: {misfit}"))));

    // Of a struct that a kernel takes: fields that are no numbers, enums, views or such structs, which ILGPU could not
    // pass.
    static IEnumerable<string> Misfits(Type type, string path) =>
        type.IsPrimitive || type.IsEnum || type.Namespace!.StartsWith(nameof(ILGPU), StringComparison.Ordinal)
            ? []
            : type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SelectMany(field =>
                !field.FieldType.IsValueType || field.FieldType == typeof(bool)
                    ? [$"{path}.{field.Name} is a {field.FieldType.Name}"]
                    : Misfits(field.FieldType, $"{path}.{field.Name}"));
}
