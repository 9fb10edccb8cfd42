using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// A number that notes what is computed with it: an <see cref="OperationWatch"/> has the counts. Kernels take it for
/// their T on the managed device, where it is as wide as the number itself, so that bytes are what they are.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="value">The number.</param>
public readonly partial struct Counted<T>(T value) : IFloatingPointIeee754<Counted<T>>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number itself.</summary>
    public T Value => value;

    /// <summary>The number, of which nothing was computed yet.</summary>
    /// <param name="value">The number.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The constructor does the same.")]
    public static implicit operator Counted<T>(T value) => new(value);

    /// <inheritdoc/>
    public static Counted<T> operator +(Counted<T> value) => value;

    /// <inheritdoc/>
    public static Counted<T> operator -(Counted<T> value) => -value.Value;

    /// <inheritdoc/>
    public static Counted<T> operator +(Counted<T> left, Counted<T> right)
    {
        OperationWatch.CountAddition<T>();
        return left.Value + right.Value;
    }

    /// <inheritdoc/>
    public static Counted<T> operator -(Counted<T> left, Counted<T> right)
    {
        OperationWatch.CountAddition<T>();
        return left.Value - right.Value;
    }

    /// <inheritdoc/>
    public static Counted<T> operator *(Counted<T> left, Counted<T> right)
    {
        OperationWatch.CountMultiplication<T>();
        return left.Value * right.Value;
    }

    /// <inheritdoc/>
    public static Counted<T> operator /(Counted<T> left, Counted<T> right)
    {
        OperationWatch.CountDivision<T>();
        return left.Value / right.Value;
    }

    /// <inheritdoc/>
    public static Counted<T> operator %(Counted<T> left, Counted<T> right)
    {
        OperationWatch.CountDivision<T>();
        return left.Value % right.Value;
    }

    /// <inheritdoc/>
    public static Counted<T> operator ++(Counted<T> value) => value + One;

    /// <inheritdoc/>
    public static Counted<T> operator --(Counted<T> value) => value - One;

    /// <inheritdoc/>
    public static bool operator ==(Counted<T> left, Counted<T> right) => left.Value == right.Value;

    /// <inheritdoc/>
    public static bool operator !=(Counted<T> left, Counted<T> right) => left.Value != right.Value;

    /// <inheritdoc/>
    public static bool operator <(Counted<T> left, Counted<T> right) => left.Value < right.Value;

    /// <inheritdoc/>
    public static bool operator >(Counted<T> left, Counted<T> right) => left.Value > right.Value;

    /// <inheritdoc/>
    public static bool operator <=(Counted<T> left, Counted<T> right) => left.Value <= right.Value;

    /// <inheritdoc/>
    public static bool operator >=(Counted<T> left, Counted<T> right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Counted<T> other) => value.CompareTo(other.Value);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null ? 1
        : obj is Counted<T> other ? CompareTo(other)
        : throw new ArgumentException($"A {obj.GetType().Name} is no counted number.", nameof(obj));

    /// <summary>Whether the numbers are equal.</summary>
    /// <param name="other">The other number.</param>
    public bool Equals(Counted<T> other) => value.Equals(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Counted<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <returns>The number's own text.</returns>
    public override string ToString() => ToString(null, null);
}
