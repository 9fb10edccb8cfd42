using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms.ScanReduceOperations;

namespace LdNetGpu.Dialect;

/// <summary>
/// The sum, for ILGPU's reductions and scans in a kernel whose element type is a parameter: float, double or int.
/// </summary>
public readonly struct Add<T> : IScanReduceOperation<T> where T : unmanaged, INumber<T>
{
    /// <summary>
    /// The end of OpenCL's name for the operation (<c>sub_group_reduce_add</c>), as ILGPU asks for it.
    /// </summary>
    public string CLCommand => "add";

    /// <summary>0: what the sum of no values is.</summary>
    public T Identity => T.Zero;

    /// <inheritdoc/>
    public T Apply(T first, T second) => first + second;

    /// <summary>Adds as one atomic operation.</summary>
    /// <param name="target">Of global or shared memory, changed in place.</param>
    /// <param name="value">Is added.</param>
    /// <exception cref="NotSupportedException">T is none of float, double and int.</exception>
    public void AtomicApply(ref T target, T value) => AtomicOf.Add(ref target, value);
}

/// <summary>The largest; -∞ (or the type's least value) of none. NaN loses against a number.</summary>
public readonly struct Max<T> : IScanReduceOperation<T> where T : unmanaged, INumber<T>
{
    /// <inheritdoc cref="Add{T}.CLCommand"/>
    public string CLCommand => "max";

    /// <summary>-∞, or the least value of an integer type.</summary>
    public T Identity => T.CreateSaturating(double.NegativeInfinity);

    /// <inheritdoc/>
    public T Apply(T first, T second) => T.MaxNumber(first, second);

    /// <summary>Keeps the larger as one atomic operation.</summary>
    /// <param name="target">Of global or shared memory, changed in place.</param>
    /// <param name="value">Takes its place where it is larger.</param>
    /// <exception cref="NotSupportedException">T is none of float, double and int.</exception>
    public void AtomicApply(ref T target, T value) => AtomicOf.Max(ref target, value);
}

/// <summary>The smallest; +∞ (or the type's largest value) of none. NaN loses against a number.</summary>
public readonly struct Min<T> : IScanReduceOperation<T> where T : unmanaged, INumber<T>
{
    /// <inheritdoc cref="Add{T}.CLCommand"/>
    public string CLCommand => "min";

    /// <summary>+∞, or the largest value of an integer type.</summary>
    public T Identity => T.CreateSaturating(double.PositiveInfinity);

    /// <inheritdoc/>
    public T Apply(T first, T second) => T.MinNumber(first, second);

    /// <summary>Keeps the smaller as one atomic operation.</summary>
    /// <param name="target">Of global or shared memory, changed in place.</param>
    /// <param name="value">Takes its place where it is smaller.</param>
    /// <exception cref="NotSupportedException">T is none of float, double and int.</exception>
    public void AtomicApply(ref T target, T value) => AtomicOf.Min(ref target, value);
}

/// <summary>ILGPU's atomic operations on a type that is a parameter.</summary>
static class AtomicOf
{
    public static void Add<T>(ref T target, T value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Atomic.Add(ref Unsafe.As<T, float>(ref target), Unsafe.As<T, float>(ref value));
        else if (typeof(T) == typeof(double))
            Atomic.Add(ref Unsafe.As<T, double>(ref target), Unsafe.As<T, double>(ref value));
        else if (typeof(T) == typeof(int)) Atomic.Add(ref Unsafe.As<T, int>(ref target), Unsafe.As<T, int>(ref value));
        else throw new NotSupportedException($"No atomic operations on {typeof(T).Name}.");
    }

    public static void Max<T>(ref T target, T value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Atomic.Max(ref Unsafe.As<T, float>(ref target), Unsafe.As<T, float>(ref value));
        else if (typeof(T) == typeof(double))
            Atomic.Max(ref Unsafe.As<T, double>(ref target), Unsafe.As<T, double>(ref value));
        else if (typeof(T) == typeof(int)) Atomic.Max(ref Unsafe.As<T, int>(ref target), Unsafe.As<T, int>(ref value));
        else throw new NotSupportedException($"No atomic operations on {typeof(T).Name}.");
    }

    public static void Min<T>(ref T target, T value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Atomic.Min(ref Unsafe.As<T, float>(ref target), Unsafe.As<T, float>(ref value));
        else if (typeof(T) == typeof(double))
            Atomic.Min(ref Unsafe.As<T, double>(ref target), Unsafe.As<T, double>(ref value));
        else if (typeof(T) == typeof(int)) Atomic.Min(ref Unsafe.As<T, int>(ref target), Unsafe.As<T, int>(ref value));
        else throw new NotSupportedException($"No atomic operations on {typeof(T).Name}.");
    }
}
