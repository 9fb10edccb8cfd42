namespace LdNetGpu.Dialect;

/// <summary>
/// Marks a kernel's parameter of type <see cref="ILGPU.Runtime.SpecializedValue{T}"/> of int as one whose best value is
/// found by trying on a device. Which values fit together may be told by <see cref="TunableWhereAttribute"/>.
/// </summary>
/// <param name="values">Those to try: two or more, each once.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TunableAttribute(params int[] values) : Attribute
{
    /// <summary>Those to try.</summary>
    public IReadOnlyList<int> Values { get; } = values;
}

/// <summary>
/// Names the method that says which values of a kernel's <see cref="TunableAttribute"/> parameters fit together; the
/// others are not tried.
/// </summary>
/// <param name="method">
/// A static method of the kernel's class that takes an int for each tunable parameter, in their order, and returns a
/// bool.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TunableWhereAttribute(string method) : Attribute
{
    /// <summary>The method's name.</summary>
    public string Method { get; } = method;
}
