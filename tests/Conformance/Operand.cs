using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// The same values on every device that asks for them; exact in float, so that all precisions start from equal numbers.
/// Gaps between rows are NaN.
/// </summary>
public sealed class Operand(int rows, int columns, int stride, Func<int, int, float> value)
{
    readonly Dictionary<ComputeDevice, object> views = [];

    public int Rows => rows;

    public int Columns => columns;

    /// <param name="gap">Elements between a row's end and the next one's start.</param>
    public static Operand Random(int rows, int columns, ulong seed, int gap = 0, float low = -1, float high = 1)
    {
        var key = new RandomKey(seed, 0, 0);
        return new(rows, columns, columns + gap, (r, c) => low + (high - low) * key.Uniform((long)r * columns + c));
    }

    public static Operand Filled(int rows, int columns, float value, int gap = 0) =>
        new(rows, columns, columns + gap, (_, _) => value);

    public static Operand Of(int rows, int columns, params float[] values) =>
        new(rows, columns, columns, (r, c) => values[r * columns + c]);

    public MatrixView<T> On<T>(ComputeDevice device) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!views.TryGetValue(device, out var view))
            views[device] = view = Views.From(device, rows, columns, (r, c) => T.CreateChecked(value(r, c)), stride);
        return (MatrixView<T>)view;
    }
}

/// <summary>The same indices on every device that asks for them.</summary>
public sealed class IndexOperand(params int[] values)
{
    readonly Dictionary<ComputeDevice, IndexView> views = [];

    public IndexView On(ComputeDevice device)
    {
        if (!views.TryGetValue(device, out var view)) views[device] = view = Views.Indices(device, values);
        return view;
    }
}

/// <summary>One of the two backends that an operation runs on, and the operands as it sees them.</summary>
public sealed class Side<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>
{
    public DeviceBackend<T> Backend => backend;

    public MatrixView<T> this[Operand? operand] => operand is null ? default : operand.On<T>(backend.Device);

    public IndexView this[IndexOperand? operand] => operand is null ? default : operand.On(backend.Device);

    public static T Number(double value) => T.CreateChecked(value);
}
