using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// A number and its derivative along one direction: v + t·ε with ε² = 0. What is computed with it carries the exact
/// derivative of what is computed with numbers (forward mode), to rounding: no step, no truncation. Kernels take it for
/// their T on the managed device.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="value">v.</param>
/// <param name="tangent">t, the derivative of v; 0 for a constant.</param>
/// <remarks>
/// Comparisons are those of the values. Where the two are equal and their tangents are not, the branch that is taken
/// holds on one side only, and there is no derivative: <see cref="TangentWatch"/> counts such comparisons, of finite
/// numbers. What has the derivative 0 almost everywhere (rounding, conversion to integers) has the tangent 0.
/// </remarks>
public readonly partial struct Dual<T>(T value, T tangent) : IFloatingPointIeee754<Dual<T>>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number itself.</summary>
    public T Value => value;

    /// <summary>Its derivative along the direction.</summary>
    public T Tangent => tangent;

    /// <summary>A constant: its tangent is 0.</summary>
    /// <param name="value">The number.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The constructor does the same.")]
    public static implicit operator Dual<T>(T value) => new(value, T.Zero);

    // A factor times a tangent. A constant's tangent stays 0 where the factor is infinite or NaN, as it does for the
    // masked elements of a softmax.
    static T Scaled(T factor, T tangent) => tangent == T.Zero ? T.Zero : factor * tangent;

    Dual<T> Map(T result, T derivative) => new(result, Scaled(derivative, tangent));

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> value) => value;

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> value) => new(-value.Value, -value.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) =>
        new(left.Value + right.Value, left.Tangent + right.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) =>
        new(left.Value - right.Value, left.Tangent - right.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) =>
        new(left.Value * right.Value, Scaled(right.Value, left.Tangent) + Scaled(left.Value, right.Tangent));

    /// <inheritdoc/>
    public static Dual<T> operator /(Dual<T> left, Dual<T> right)
    {
        var quotient = left.Value / right.Value;
        return new(quotient,
            Scaled(T.One / right.Value, left.Tangent) - Scaled(quotient / right.Value, right.Tangent));
    }

    /// <inheritdoc/>
    public static Dual<T> operator %(Dual<T> left, Dual<T> right) =>
        new(left.Value % right.Value,
            left.Tangent - Scaled(T.Truncate(left.Value / right.Value), right.Tangent));

    /// <inheritdoc/>
    public static Dual<T> operator ++(Dual<T> value) => value + One;

    /// <inheritdoc/>
    public static Dual<T> operator --(Dual<T> value) => value - One;

    /// <inheritdoc/>
    public static bool operator ==(Dual<T> left, Dual<T> right)
    {
        NoteTie(left, right);
        return left.Value == right.Value;
    }

    /// <inheritdoc/>
    public static bool operator !=(Dual<T> left, Dual<T> right) => !(left == right);

    /// <inheritdoc/>
    public static bool operator <(Dual<T> left, Dual<T> right)
    {
        NoteTie(left, right);
        return left.Value < right.Value;
    }

    /// <inheritdoc/>
    public static bool operator >(Dual<T> left, Dual<T> right) => right < left;

    /// <inheritdoc/>
    public static bool operator <=(Dual<T> left, Dual<T> right)
    {
        NoteTie(left, right);
        return left.Value <= right.Value;
    }

    /// <inheritdoc/>
    public static bool operator >=(Dual<T> left, Dual<T> right) => right <= left;

    // What is infinite stays so whatever is added to it: two infinities are equal on both sides.
    static void NoteTie(Dual<T> left, Dual<T> right)
    {
        if (left.Value == right.Value && left.Tangent != right.Tangent && T.IsFinite(left.Value))
            TangentWatch.Tie(left.Value);
    }

    // Where a function jumps there is a derivative on neither side of it.
    static void NoteJump(Dual<T> x, bool isThere)
    {
        if (isThere && x.Tangent != T.Zero && T.IsFinite(x.Value)) TangentWatch.Tie(x.Value);
    }

    /// <inheritdoc/>
    public int CompareTo(Dual<T> other)
    {
        NoteTie(this, other);
        return value.CompareTo(other.Value);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null ? 1
        : obj is Dual<T> other ? CompareTo(other)
        : throw new ArgumentException($"A {obj.GetType().Name} is no dual number.", nameof(obj));

    /// <summary>Whether both the values and the tangents are equal.</summary>
    /// <param name="other">The other number.</param>
    public bool Equals(Dual<T> other) => value.Equals(other.Value) && tangent.Equals(other.Tangent);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dual<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(value, tangent);

    /// <returns><c>1.5 + 0.25ε</c>.</returns>
    public override string ToString() => ToString(null, null);
}
