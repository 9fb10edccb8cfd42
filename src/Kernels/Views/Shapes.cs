using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Views;

/// <summary>
/// The checks that every operation makes before it touches memory: each operand is there, alive, in memory that the
/// device reaches, and of the right shape. Each failure names the operation and both shapes.
/// </summary>
static class Shapes
{
    /// <summary>Both views have the same rows and columns.</summary>
    public static void Same<T>(ComputeDevice device, string operation, string firstName, MatrixView<T> first,
        string secondName, MatrixView<T> second)
        where T : unmanaged
    {
        Present(device, operation, firstName, first);
        Present(device, operation, secondName, second);
        if (first.Rows != second.Rows || first.Columns != second.Columns)
            throw new ShapeException(operation,
                $"{firstName} {first} and {secondName} {second} must have the same shape.");
    }

    /// <summary>The view has exactly this shape, which <paramref name="because"/> explains.</summary>
    public static void Is<T>(ComputeDevice device, string operation, string name, MatrixView<T> view, long rows,
        long columns, string because)
        where T : unmanaged
    {
        Present(device, operation, name, view);
        if (view.Rows != rows || view.Columns != columns)
            throw new ShapeException(operation, $"{name} {view} must be [{rows} x {columns}]: {because}.");
    }

    /// <summary>The index view has exactly this many entries, which <paramref name="because"/> explains.</summary>
    public static void Count(ComputeDevice device, string operation, string name, IndexView view, long count,
        string because)
    {
        if (view.IsNone) throw new ShapeException(operation, $"{name} is missing: [{count}] needed, {because}.");
        if (view.Count != count)
            throw new ShapeException(operation, $"{name} [{view.Count}] must be [{count}]: {because}.");
        Here(device, operation, name, view.Buffer);
    }

    /// <summary>
    /// Every index lies in <paramref name="lowest"/> to <paramref name="bound"/> - 1. A promise is looked at where that
    /// costs no wait.
    /// </summary>
    public static void InRange(ComputeDevice device, string operation, string name, IndexView indices, int lowest,
        int bound, string ofWhat)
    {
        if (indices.Promised is { } promised)
        {
            if (lowest > -1 || promised > bound)
                throw new ShapeException(operation,
                    $"{name} may hold -1..{promised - 1}, and must lie in {lowest}..{bound - 1}, {ofWhat}.");
            if (device is not CpuDevice) return;
        }
        var span = indices.ToHost();
        for (var i = 0; i < span.Length; i++)
            if (span[i] < lowest || span[i] >= bound)
                throw new ShapeException(operation,
                    $"{name}[{i}] = {span[i]} lies outside {lowest}..{bound - 1}, {ofWhat}.");
    }

    /// <summary>
    /// A slice of <paramref name="count"/> rows, columns or indices lies within <paramref name="length"/>; returns
    /// their number.
    /// </summary>
    public static int Part(int start, int count, int length) =>
        start >= 0 && count >= 0 && start <= length - count
            ? count : throw new ShapeException("slice", $"{count} from {start} on, of {length}.");

    public static void Present<T>(ComputeDevice device, string operation, string name, MatrixView<T> view)
        where T : unmanaged
    {
        if (view.IsNone) throw new ShapeException(operation, $"{name} is missing.");
        Here(device, operation, name, view.Buffer);
    }

    public static void Present(ComputeDevice device, string operation, string name, IndexView view)
    {
        if (view.IsNone) throw new ShapeException(operation, $"{name} is missing.");
        Here(device, operation, name, view.Buffer);
    }

    /// <summary>An operand that may be left out is alive and within reach where it is there.</summary>
    public static void Optional<T>(ComputeDevice device, string operation, string name, MatrixView<T> view)
        where T : unmanaged
    {
        if (!view.IsNone) Here(device, operation, name, view.Buffer);
    }

    static void Here<T>(ComputeDevice device, string operation, string name, DeviceBuffer<T> buffer) where T : unmanaged
    {
        buffer.ThrowIfDisposed();
        if (!device.Reaches(buffer))
            throw new ShapeException(operation,
                $"{name} is in the memory of {(buffer.Device.Name == device.Name ? "another device named " : "")}"
                + $"{buffer.Device}, and {device} does not reach it: copy it there first.");
    }
}
