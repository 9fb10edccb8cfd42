namespace LdNetGpu.Kernels.Views;

/// <summary>
/// A bool as a kernel's parameter, or a field of one: passed by <c>true</c> and <c>false</c>, read as a condition.
/// ILGPU's launchers take no bool, whose size .NET leaves open.
/// </summary>
/// <param name="Value">1 or 0.</param>
readonly record struct Flag(int Value)
{
    public static implicit operator Flag(bool value) => new(value ? 1 : 0);

    public static implicit operator bool(Flag flag) => flag.Value != 0;
}
