using ILGPU;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Managed;

/// <summary>The arguments of a launch as a lane's body reads them.</summary>
public sealed class LaneArguments
{
    readonly KernelArgument[] arguments;

    internal LaneArguments(ReadOnlySpan<KernelArgument> arguments) => this.arguments = arguments.ToArray();

    /// <summary>The view at a place among the arguments; empty where an empty one was passed.</summary>
    /// <param name="index">From 0, structs flattened.</param>
    /// <exception cref="ObjectDisposedException">The view's buffer went back to its device.</exception>
    public ArrayView<T> View<T>(int index) where T : unmanaged
    {
        var argument = arguments[index];
        if (argument.Memory is not ManagedMemory memory) return default;
        if (memory.IsReleased) DeviceBuffer<T>.ThrowGone();
        return new(memory, argument.Offset, argument.Length);
    }

    /// <summary>The scalar or specialised value at a place among the arguments.</summary>
    /// <param name="index">From 0, structs flattened.</param>
    public T Scalar<T>(int index) where T : unmanaged => arguments[index].Value<T>();

    /// <summary>A bool, which travels as an int of 0 or 1.</summary>
    /// <param name="index">From 0, structs flattened.</param>
    public bool Bool(int index) => arguments[index].Value<int>() != 0;
}
