using System.Reflection;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// Where a launch's arguments lie in the memory that the driver reads: a view as an address and a length of 8 bytes
/// each, a scalar as itself. The driver is told where each of the entry point's parameters starts.
/// </summary>
sealed class LaunchLayout
{
    readonly List<int> arguments = [], sizes = [], parameters = [];

    /// <summary>All of it.</summary>
    public int Bytes { get; private set; }

    /// <summary>
    /// First byte of each argument, as <see cref="KernelInstance.Parameters"/> lists them; -1 for one that is not
    /// passed.
    /// </summary>
    public IReadOnlyList<int> Arguments => arguments;

    /// <summary>Bytes of each argument.</summary>
    public IReadOnlyList<int> Sizes => sizes;

    /// <summary>First byte of each parameter of the entry point.</summary>
    public IReadOnlyList<int> Parameters => parameters;

    /// <summary>
    /// Of a generated text: structs are taken apart, a view is two parameters, a specialised value none.
    /// </summary>
    public static LaunchLayout OfText(KernelInstance kernel)
    {
        var layout = new LaunchLayout();
        foreach (var parameter in kernel.Parameters)
        {
            if (parameter.Kind == KernelParameterKind.Specialized)
            {
                layout.Add(-1, 0);
                continue;
            }
            layout.parameters.Add(layout.Bytes);
            layout.Add(layout.Bytes, parameter.Kind == KernelParameterKind.View ? 16 : 8);
            if (parameter.Kind == KernelParameterKind.View) layout.parameters.Add(layout.Bytes + 8);
            layout.Bytes += parameter.Kind == KernelParameterKind.View ? 16 : 8;
        }
        return layout;
    }

    /// <summary>
    /// Of a method that ILGPU compiled: each C# parameter is one of the entry point, a struct as ILGPU lays it out.
    /// </summary>
    public static LaunchLayout OfMethod(MethodInfo method)
    {
        var layout = new LaunchLayout();
        foreach (var parameter in method.GetParameters())
        {
            layout.Align(8);
            layout.parameters.Add(layout.Bytes);
            var type = ParameterLayout.Of(parameter.ParameterType);
            foreach (var (start, size) in type.Fields) layout.Add(layout.Bytes + start, size);
            layout.Bytes += type.Size;
        }
        return layout;
    }

    void Add(int start, int size)
    {
        arguments.Add(start);
        sizes.Add(size);
    }

    void Align(int alignment) => Bytes = (Bytes + alignment - 1) / alignment * alignment;
}
