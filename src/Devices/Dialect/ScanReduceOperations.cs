using System.Numerics;

namespace LdNetGpu.Dialect;

/// <summary>An associative operation with its neutral element, for reductions and scans. A struct without state.</summary>
public interface IScanReduceOperation<T>
{
    T Identity { get; }

    T Apply(T first, T second);
}

/// <summary>The sum.</summary>
public readonly struct Add<T> : IScanReduceOperation<T> where T : INumber<T>
{
    public T Identity => T.Zero;

    public T Apply(T first, T second) => first + second;
}

/// <summary>The largest; -∞ (or the type's least value) of none. NaN loses against a number.</summary>
public readonly struct Max<T> : IScanReduceOperation<T> where T : INumber<T>
{
    public T Identity => T.CreateSaturating(double.NegativeInfinity);

    public T Apply(T first, T second) => T.MaxNumber(first, second);
}

/// <summary>The smallest; +∞ (or the type's largest value) of none. NaN loses against a number.</summary>
public readonly struct Min<T> : IScanReduceOperation<T> where T : INumber<T>
{
    public T Identity => T.CreateSaturating(double.PositiveInfinity);

    public T Apply(T first, T second) => T.MinNumber(first, second);
}
