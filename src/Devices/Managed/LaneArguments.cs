using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

/// <summary>The arguments of a launch as a lane's body reads them.</summary>
public sealed class LaneArguments
{
    readonly KernelArgument[] arguments;

    internal LaneArguments(ReadOnlySpan<KernelArgument> arguments) => this.arguments = arguments.ToArray();

    public ArrayView<T> View<T>(int index) where T : unmanaged
    {
        var memory = arguments[index].Buffer switch
        {
            null => null,
            IManagedBuffer buffer => buffer.Memory,
            var other => throw new UserException($"Argument {index} lies on another device ({other.GetType().Name}): copy it to the managed device first."),
        };
        return new(memory, arguments[index].Offset, arguments[index].Length);
    }

    public T Scalar<T>(int index) where T : unmanaged => arguments[index].Value<T>();

    public bool Bool(int index) => arguments[index].Value<int>() != 0;
}
