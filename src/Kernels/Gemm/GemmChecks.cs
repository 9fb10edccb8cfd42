using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>What a matrix product must satisfy on any device.</summary>
static class GemmChecks
{
    public static ProductShape Product<T>(ComputeDevice device, GemmKind kind, MatrixView<T> a, MatrixView<T> b,
        MatrixView<T> c, bool accumulate,
        MatrixView<T> bias, Activation activation, ProductDropout dropout) where T : unmanaged
    {
        Known(kind);
        Known(dropout.Operand);
        Shapes.Present(device, $"matrix product {kind}", nameof(a), a);
        Shapes.Present(device, $"matrix product {kind}", nameof(b), b);
        var (rows, depth) = kind == GemmKind.TN ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        var (depthOfB, columns) = kind == GemmKind.NT ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        if (depth != depthOfB || c.Rows != rows || c.Columns != columns)
            throw new ShapeException($"matrix product {kind}", $"a {a} and b {b} do not give c {c}.");
        Epilogue(device, kind.ToString(), c, accumulate, bias, activation);
        var dropped = dropout.Operand == ProductOperand.A ? a : b;
        if (dropout.Operand != ProductOperand.None
            && (dropout.FirstColumn < 0 || (long)dropout.FirstColumn + dropped.Columns > dropout.Columns))
            throw new ShapeException($"matrix product {kind}",
                $"a mask of {dropout.Columns} columns has none from {dropout.FirstColumn} on for " +
                $"{dropout.Operand.ToString().ToLowerInvariant()} {dropped}.");
        return new(rows, depth, columns);
    }

    public static void Epilogue<T>(ComputeDevice device, string kind, MatrixView<T> c, bool accumulate,
        MatrixView<T> bias, Activation activation)
        where T : unmanaged
    {
        Known(activation);
        Shapes.Present(device, $"matrix product {kind}", nameof(c), c);
        Shapes.Optional(device, $"matrix product {kind}", nameof(bias), bias);
        if (accumulate && (!bias.IsNone || activation != Activation.None))
            throw new ShapeException($"matrix product {kind}", "a bias or an activation cannot come with accumulate.");
        if (!bias.IsNone && (bias.Rows != 1 || bias.Columns != c.Columns))
            throw new ShapeException($"matrix product {kind}", $"bias {bias} is not one row of c {c}.");
    }

    static void Known<TEnum>(TEnum value) where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, $"No such {typeof(TEnum).Name}.");
    }
}
