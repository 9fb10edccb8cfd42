using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Views;

/// <summary>
/// Holds operations to the rule of <see cref="DeviceBackend{T}"/>: no element of an output is one of another operand.
/// Views of different buffers, or apart in one, cost two comparisons.
/// </summary>
static class Overlap
{
    /// <summary>The output shares no element with the other operand; either may be none.</summary>
    /// <exception cref="ShapeException">It does.</exception>
    public static void Refuse<T>(string operation, string outputName, in MatrixView<T> output, string otherName,
        in MatrixView<T> other) where T : unmanaged
    {
        if (ReferenceEquals(output.Buffer, other.Buffer) && SharesElements(output, other))
            throw Shared(operation, Place(outputName, output), Place(otherName, other), "must lie apart from it");
    }

    /// <summary>
    /// The output shares no element with the other operand, or is that very view; either may be none.
    /// </summary>
    /// <exception cref="ShapeException">They share elements and are not the same view.</exception>
    public static void RefuseInPart<T>(string operation, string outputName, in MatrixView<T> output, string otherName,
        in MatrixView<T> other) where T : unmanaged
    {
        if (ReferenceEquals(output.Buffer, other.Buffer) && !AreSame(output, other) && SharesElements(output, other))
            throw Shared(operation, Place(outputName, output), Place(otherName, other),
                "must lie apart from it or be the very same view");
    }

    /// <summary>As for matrices, of indices that an operation writes.</summary>
    /// <exception cref="ShapeException">They share elements.</exception>
    public static void Refuse(string operation, string outputName, IndexView output, string otherName, IndexView other)
    {
        if (ReferenceEquals(output.Buffer, other.Buffer) && output.Count > 0 && other.Count > 0
            && output.Offset < other.Offset + other.Count && other.Offset < output.Offset + output.Count)
            throw Shared(operation, $"{outputName} [{output.Count}] from element {output.Offset} on",
                $"{otherName} [{other.Count}] from element {other.Offset} on", "must lie apart from it");
    }

    /// <summary>
    /// Whether an element is in both views, exactly: columns of one matrix lie apart, though their rows alternate.
    /// </summary>
    /// <remarks>Rows are walked only where both views have gaps and their strides differ.</remarks>
    public static bool SharesElements<T>(in MatrixView<T> first, in MatrixView<T> second) where T : unmanaged
    {
        if (!ReferenceEquals(first.Buffer, second.Buffer) || first.Count == 0 || second.Count == 0) return false;
        Runs a = Runs.Of(first), b = Runs.Of(second);
        if (a.End <= b.Start || b.End <= a.Start) return false;
        if (a.Number > b.Number) (a, b) = (b, a);
        if (a.Number == 1 || a.Stride == b.Stride) return Meet(a, b);
        for (var run = 0L; run < a.Number; run++)
            if (Meet(a.One(run), b)) return true;
        return false;
    }

    // Run i of a starts at a.Start + i · stride, run j of b at b.Start + j · stride. They meet where the second start
    // lies less than b.Length before the first and less than a.Length behind it: the smallest j - i that satisfies the
    // one must satisfy the other.
    static bool Meet(Runs a, Runs b)
    {
        var apart = b.Start - a.Start;
        var difference = Math.Max(1 - a.Number, FloorDivide(-b.Length - apart, b.Stride) + 1);
        return difference < b.Number && apart + difference * b.Stride < a.Length;
    }

    static long FloorDivide(long dividend, long divisor) =>
        dividend >= 0 ? dividend / divisor : -((divisor - 1 - dividend) / divisor);

    static bool AreSame<T>(in MatrixView<T> first, in MatrixView<T> second) where T : unmanaged =>
        first.Offset == second.Offset && first.Rows == second.Rows && first.Columns == second.Columns
        && (first.RowStride == second.RowStride || first.Rows <= 1);

    static string Place<T>(string name, MatrixView<T> view) where T : unmanaged =>
        $"{name} {view} from element {view.Offset} on";

    static ShapeException Shared(string operation, string output, string other, string rule) =>
        new(operation, $"{output} shares elements with {other} of the same buffer: it {rule}. Copy one of them first.");

    /// <summary>Elements without gaps, <paramref name="Stride"/> from one start to the next.</summary>
    readonly record struct Runs(long Start, long Number, long Length, long Stride)
    {
        public long End => Start + (Number - 1) * Stride + Length;

        public static Runs Of<T>(in MatrixView<T> view) where T : unmanaged => view.IsContiguous
            ? new(view.Offset, 1, view.Count, view.Count)
            : new(view.Offset, view.Rows, view.Columns, view.RowStride);

        public Runs One(long run) => new(Start + run * Stride, 1, Length, Length);
    }
}
