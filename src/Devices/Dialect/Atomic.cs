using System.Numerics;

namespace LdNetGpu.Dialect;

/// <summary>
/// Read-modify-write without interruption by other lanes; each returns the value before. For kernels only: lanes of the managed device run in turns,
/// so plain code is atomic there. Elements are int, uint, long, ulong; Add and Exchange also float and double, whose sums then depend on the order of
/// the lanes.
/// </summary>
public static class Atomic
{
    public static T Add<T>(ref T target, T value) where T : unmanaged, INumber<T> => Replace(ref target, target + value);

    public static T Min<T>(ref T target, T value) where T : unmanaged, INumber<T> => Replace(ref target, T.Min(target, value));

    public static T Max<T>(ref T target, T value) where T : unmanaged, INumber<T> => Replace(ref target, T.Max(target, value));

    public static T Exchange<T>(ref T target, T value) where T : unmanaged, INumber<T> => Replace(ref target, value);

    /// <summary>Stores <paramref name="value"/> where the target equals <paramref name="compare"/>.</summary>
    public static T CompareExchange<T>(ref T target, T compare, T value) where T : unmanaged, IBinaryInteger<T> =>
        Replace(ref target, target == compare ? value : target);

    public static T And<T>(ref T target, T value) where T : unmanaged, IBinaryInteger<T> => Replace(ref target, target & value);

    public static T Or<T>(ref T target, T value) where T : unmanaged, IBinaryInteger<T> => Replace(ref target, target | value);

    public static T Xor<T>(ref T target, T value) where T : unmanaged, IBinaryInteger<T> => Replace(ref target, target ^ value);

    static T Replace<T>(ref T target, T value)
    {
        var before = target;
        target = value;
        return before;
    }
}
