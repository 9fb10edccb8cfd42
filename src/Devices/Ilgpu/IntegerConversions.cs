using System.Reflection;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Conversions between any two types of numbers, of which one is an integer, by way of a long: those of .NET's
/// <c>CreateTruncating</c>, which takes an integer's lower bits, and <c>CreateSaturating</c>, which takes the nearest
/// number that there is. Of a float both take the nearest, and 0 of NaN.
/// </summary>
static class IntegerConversions
{
    static readonly Dictionary<Type, Type> ByLong = new()
    {
        [typeof(sbyte)] = typeof(OfSByte), [typeof(byte)] = typeof(OfByte), [typeof(short)] = typeof(OfInt16),
        [typeof(ushort)] = typeof(OfUInt16), [typeof(int)] = typeof(OfInt32), [typeof(uint)] = typeof(OfUInt32),
        [typeof(long)] = typeof(OfInt64), [typeof(ulong)] = typeof(OfUInt64),
    };

    /// <summary>The integers.</summary>
    public static IReadOnlyCollection<Type> Types => ByLong.Keys;

    /// <summary>The method that converts.</summary>
    /// <param name="from">Of the method's parameter.</param>
    /// <param name="to">Of its result.</param>
    /// <param name="saturates">Whether an integer that does not fit becomes the nearest that does.</param>
    public static MethodInfo Of(Type from, Type to, bool saturates)
    {
        var isOfIntegers = ByLong.ContainsKey(from) && ByLong.ContainsKey(to) && from != to;
        if (!(saturates && isOfIntegers) && Remaps.Exact(typeof(Conversions), to.Name, from) is { } direct)
            return direct;
        if (isOfIntegers)
            return Method(saturates ? nameof(Saturating) : nameof(Truncating), from, ByLong[from], to, ByLong[to]);
        if (from == to) return Method(nameof(Same), to);
        return ByLong.TryGetValue(to, out var target)
            ? Method($"Of{from.Name}", to, target) : Method($"To{to.Name}", from, ByLong[from]);
    }

    static MethodInfo Method(string name, params Type[] types) =>
        typeof(IntegerConversions).GetMethod(name)!.MakeGenericMethod(types);

    public static T Same<T>(T x) => x;

    public static TTo Truncating<TFrom, TSource, TTo, TTarget>(TFrom x)
        where TSource : IByLong<TFrom> where TTarget : IByLong<TTo> => TTarget.LowerBits(TSource.Extended(x));

    public static TTo Saturating<TFrom, TSource, TTo, TTarget>(TFrom x)
        where TSource : IByLong<TFrom> where TTarget : IByLong<TTo> => TTarget.Nearest(TSource.NearestLong(x));

    public static TTo OfSingle<TTo, TTarget>(float x)
        where TTarget : IByLong<TTo> => TTarget.Nearest(Conversions.Int64(x));

    public static TTo OfDouble<TTo, TTarget>(double x)
        where TTarget : IByLong<TTo> => TTarget.Nearest(Conversions.Int64(x));

    public static float ToSingle<TFrom, TSource>(TFrom x)
        where TSource : IByLong<TFrom> => TSource.NearestLong(x);

    public static double ToDouble<TFrom, TSource>(TFrom x)
        where TSource : IByLong<TFrom> => TSource.NearestLong(x);
}
