namespace LdNetGpu.Devices;

/// <summary>
/// A fault the user can mend: bad input, a missing file, an impossible setting. The message says what was found, where
/// (file, line, column, operation, shapes) and what to do. A program prints it alone, without a stack trace.
/// </summary>
/// <param name="message">What was found, where, and what to do.</param>
/// <param name="inner">The error beneath, where there is one.</param>
public class UserException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Shapes, devices or element counts that do not fit an operation. The message names the operation and both shapes.
/// </summary>
/// <param name="operation">The operation that refused its arguments.</param>
/// <param name="problem">What does not fit, with the shapes.</param>
public sealed class ShapeException(string operation, string problem)
    : ArgumentException($"{operation}: {problem}")
{
    /// <summary>The operation that refused its arguments.</summary>
    public string Operation { get; } = operation;

    /// <summary>A size that was counted in 64 bits, as an int.</summary>
    /// <param name="operation">What needs it.</param>
    /// <param name="what">What it is a size of, for the message.</param>
    /// <param name="size">0 to <see cref="int.MaxValue"/>.</param>
    /// <exception cref="ShapeException">It is negative, or more than an int holds.</exception>
    public static int RequireSize(string operation, string what, long size) => size is >= 0 and <= int.MaxValue
        ? (int)size
        : throw new ShapeException(operation, FormattableString.Invariant(
            $"{what}: {size} is no size; 0 to {int.MaxValue} are."));
}
