using ILGPU;

namespace LdNetGpu.Dialect;

/// <summary>
/// Marks a static method of a static partial class as a kernel. The source generator translates it to CUDA C++ and
/// OpenCL C, writes the body that the managed device runs, and adds a typed <c>Launch…</c> method to the class. A
/// kernel whose first parameter is an <see cref="Index1D"/>, <see cref="Index2D"/> or <see cref="Index3D"/> runs once
/// for each index of the extent it is launched with; any other is launched with a <see cref="LaunchConfig"/> and asks
/// <see cref="Grid"/> and <see cref="Group"/> where it is.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelAttribute : Attribute;

/// <summary>
/// A promise about a kernel's view, or the views of a struct: the kernel reads it only, and no other view of the launch
/// writes to the same memory. The device's compiler may then keep what it has read, whatever is written between. The
/// generator sees to the first half, each launch to the second.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NoAliasAttribute : Attribute
{
    /// <summary>
    /// Whether who launches the kernel sees to the second half. A launch knows a view's first and last element alone,
    /// so it refuses matrices whose rows alternate in one buffer, though they share no element.
    /// </summary>
    public bool HeldByCaller { get; init; }
}

/// <summary>
/// One set of type arguments that a generic kernel is translated for. Without any, a kernel of one type parameter is
/// translated for float and for double.
/// </summary>
/// <param name="typeArguments">In the order of the kernel's type parameters.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InstanceAttribute(params Type[] typeArguments) : Attribute
{
    /// <summary>In the order of the kernel's type parameters.</summary>
    public IReadOnlyList<Type> TypeArguments { get; } = typeArguments;
}
