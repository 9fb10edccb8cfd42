using System.Numerics;
using System.Runtime.CompilerServices;
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
        var operation = kind switch
        {
            GemmKind.NN => "matrix product NN",
            GemmKind.NT => "matrix product NT",
            _ => "matrix product TN",
        };
        Shapes.Present(device, operation, nameof(a), a);
        Shapes.Present(device, operation, nameof(b), b);
        var (rows, depth) = kind == GemmKind.TN ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        var (depthOfB, columns) = kind == GemmKind.NT ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        if (depth != depthOfB || c.Rows != rows || c.Columns != columns)
            throw new ShapeException(operation, $"a {a} and b {b} do not give c {c}.");
        Epilogue(device, operation, c, accumulate, bias, activation);
        Overlap.Refuse(operation, nameof(c), c, nameof(a), a);
        Overlap.Refuse(operation, nameof(c), c, nameof(b), b);
        var dropped = dropout.Operand == ProductOperand.A ? a : b;
        if (dropout.Operand != ProductOperand.None
            && (dropout.FirstColumn < 0 || (long)dropout.FirstColumn + dropped.Columns > dropout.Columns))
            throw new ShapeException(operation,
                $"a mask of {dropout.Columns} columns has none from {dropout.FirstColumn} on for " +
                $"{dropout.Operand.ToString().ToLowerInvariant()} {dropped}.");
        return new(rows, depth, columns);
    }

    /// <summary>Of a product with a packed b, which has memory of its own.</summary>
    public static void Packed<T>(ComputeDevice device, MatrixView<T> a, PackedMatrix<T> b, MatrixView<T> c,
        bool accumulate, MatrixView<T> bias, Activation activation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string Operation = "matrix product";
        Shapes.Present(device, Operation, nameof(a), a);
        if (a.Columns != b.Depth || c.Rows != a.Rows || c.Columns != b.Columns)
            throw new ShapeException(Operation, $"a {a} and packed b [{b.Depth} x {b.Columns}] do not give c {c}.");
        Epilogue(device, "matrix product packed", c, accumulate, bias, activation);
        Overlap.Refuse(Operation, nameof(c), c, nameof(a), a);
    }

    static void Epilogue<T>(ComputeDevice device, string operation, MatrixView<T> c, bool accumulate,
        MatrixView<T> bias, Activation activation)
        where T : unmanaged
    {
        Known(activation);
        Shapes.Present(device, operation, nameof(c), c);
        Shapes.Optional(device, operation, nameof(bias), bias);
        if (accumulate && (!bias.IsNone || activation != Activation.None))
            throw new ShapeException(operation, "a bias or an activation cannot come with accumulate.");
        if (!bias.IsNone && (bias.Rows != 1 || bias.Columns != c.Columns))
            throw new ShapeException(operation, $"bias {bias} is not one row of c {c}.");
        Overlap.Refuse(operation, nameof(c), c, nameof(bias), bias);
    }

    static void Known<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string name = "")
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(name, value, $"No such {typeof(TEnum).Name}.");
    }
}
