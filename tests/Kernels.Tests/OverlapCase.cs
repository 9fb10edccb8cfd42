using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>An operation with operands that fit, and which of them may be one view.</summary>
/// <param name="Name">Its part of a backend and its method, then what tells cases apart.</param>
/// <param name="Run">Calls it; the views are those of <see cref="Operands"/>, in their order.</param>
sealed partial record OverlapCase(string Name, Action<DeviceBackend<float>, MatrixView<float>[]> Run)
{
    /// <summary>A matrix, by the name that errors call it.</summary>
    public readonly record struct Operand(string Name, int Rows, int Columns);

    public required Operand[] Operands { get; init; }

    /// <summary>Outputs that may be another operand, and those operands.</summary>
    public (string Output, string Other)[] InPlace { get; init; } = [];

    public static OverlapCase Named(string name) => All.First(operation => operation.Name == name);

    public static OverlapCase[] All { get; } =
    [
        .. Elementwise(), .. Sums(), .. Moves(), .. Products(), .. Losses(), .. Recurrences(), .. Crfs(),
        .. Optimizers(),
    ];

    static Operand[] Square(params string[] names) => [.. names.Select(name => new Operand(name, 3, 3))];

    static IEnumerable<OverlapCase> Sums()
    {
        yield return new("Reduction.Sum", (backend, x) => backend.Reduction.Sum(x[0], x[1]))
            { Operands = [new("input", 3, 3), new("output", 1, 1)] };
        yield return new("Reduction.Dot", (backend, x) => backend.Reduction.Dot(x[0], x[1], x[2]))
            { Operands = [.. Square("a", "b"), new("output", 1, 1)] };
        yield return new("Reduction.SumRows", (backend, x) => backend.Reduction.SumRows(x[0], x[1]))
            { Operands = [new("input", 3, 3), new("output", 1, 3)] };
    }

    static IEnumerable<OverlapCase> Elementwise()
    {
        (string, string)[] one = [("output", "input")], pair = [("output", "a"), ("output", "b")];
        yield return new("Elementwise.Copy", (backend, x) => backend.Elementwise.Copy(x[0], x[1]))
            { Operands = Square("input", "output"), InPlace = one };
        yield return new("Elementwise.Add", (backend, x) => backend.Elementwise.Add(x[0], x[1], x[2]))
            { Operands = Square("a", "b", "output"), InPlace = pair };
        foreach (var accumulate in (bool[])[false, true])
        {
            yield return new($"Elementwise.Multiply, accumulate {accumulate}",
                (backend, x) => backend.Elementwise.Multiply(x[0], x[1], x[2], accumulate))
                { Operands = Square("a", "b", "output"), InPlace = pair };
            yield return new($"Elementwise.Scale, accumulate {accumulate}",
                (backend, x) => backend.Elementwise.Scale(0.5f, x[0], x[1], accumulate))
                { Operands = Square("input", "output"), InPlace = one };
            yield return new($"Dropout.Apply, accumulate {accumulate}",
                (backend, x) => backend.Dropout.Apply(x[0], x[1], new(1, 2, 3), 0.5f, accumulate))
                { Operands = Square("input", "output"), InPlace = one };
        }
        yield return new("Elementwise.Scale by a view", (backend, x) => backend.Elementwise.Scale(x[0], x[1], x[2]))
            { Operands = [new("factor", 1, 1), .. Square("input", "output")], InPlace = one };
        yield return new("Elementwise.Scale of one number by a view",
            (backend, x) => backend.Elementwise.Scale(x[0], x[1], x[2]))
            {
                Operands = [new("factor", 1, 1), new("input", 1, 1), new("output", 1, 1)],
                InPlace = [.. one, ("output", "factor")],
            };
        foreach (var rows in (int[])[3, 1])
            yield return new($"Elementwise.AddRow of {rows}",
                (backend, x) => backend.Elementwise.AddRow(x[0], x[1], x[2]))
                {
                    Operands = [new("input", rows, 3), new("row", 1, 3), new("output", rows, 3)],
                    InPlace = [.. one, ("output", "row")],
                };
        yield return new("Elementwise.Map", (backend, x) => backend.Elementwise.Map(Unary.Tanh, x[0], x[1]))
            { Operands = Square("input", "output"), InPlace = one };
        yield return new("Elementwise.MapBackward of an output",
            (backend, x) => backend.Elementwise.MapBackward(Unary.Tanh, default, x[0], x[1], x[2], accumulate: false))
            {
                Operands = Square("output", "outputGradient", "inputGradient"),
                InPlace = [("inputGradient", "output"), ("inputGradient", "outputGradient")],
            };
        yield return new("Elementwise.MapBackward of an input",
            (backend, x) => backend.Elementwise.MapBackward(Unary.Log, x[0], default, x[1], x[2], accumulate: true))
            {
                Operands = Square("input", "outputGradient", "inputGradient"),
                InPlace = [("inputGradient", "input"), ("inputGradient", "outputGradient")],
            };
    }

    static IEnumerable<OverlapCase> Moves()
    {
        yield return new("Rows.Gather",
            (backend, x) => backend.Rows.Gather(x[0], Views.Indices(backend.Device, 2, 0, 1), x[1]))
            { Operands = Square("table", "output") };
        yield return new("Rows.ScatterAdd",
            (backend, x) => backend.Rows.ScatterAdd(x[0], Views.Indices(backend.Device, 2, 0, 2), x[1]))
            { Operands = Square("rows", "table") };
    }

    static IEnumerable<OverlapCase> Products()
    {
        foreach (var kind in Enum.GetValues<GemmKind>())
        {
            yield return new($"Gemm.Multiply {kind}", (backend, x) => backend.Gemm.Multiply(kind, x[0], x[1], x[2],
                bias: x[3], activation: Activation.Relu))
                { Operands = [.. Square("a", "b", "c"), new("bias", 1, 3)] };
            yield return new($"Gemm.Multiply {kind}, accumulate",
                (backend, x) => backend.Gemm.Multiply(kind, x[0], x[1], x[2], accumulate: true))
                { Operands = Square("a", "b", "c") };
        }
    }

    static IEnumerable<OverlapCase> Losses()
    {
        yield return new("CrossEntropy.LogSoftmax", (backend, x) => backend.CrossEntropy.LogSoftmax(x[0], x[1]))
            { Operands = Square("input", "output"), InPlace = [("output", "input")] };
        foreach (var accumulate in (bool[])[false, true])
            yield return new($"CrossEntropy.LogSoftmaxBackward, accumulate {accumulate}",
                (backend, x) => backend.CrossEntropy.LogSoftmaxBackward(x[0], x[1], x[2], accumulate))
                { Operands = Square("output", "outputGradient", "inputGradient") };
        yield return new("CrossEntropy.Forward", (backend, x) =>
            backend.CrossEntropy.Forward(x[0], Views.Indices(backend.Device, 0, 2, 1), x[1], x[2]))
            { Operands = [.. Square("logits"), new("logPartition", 3, 1), new("losses", 3, 1)] };
        yield return new("CrossEntropy.Backward", (backend, x) =>
            backend.CrossEntropy.Backward(x[0], Views.Indices(backend.Device, 0, 2, 1), x[1], x[2], x[3]))
            {
                Operands =
                [
                    .. Square("logits"), new("logPartition", 3, 1), new("lossGradient", 3, 1),
                    .. Square("logitsGradient"),
                ],
                InPlace = [("logitsGradient", "logits")],
            };
    }

    static IEnumerable<OverlapCase> Optimizers()
    {
        yield return new("Optimizers.Sgd", (backend, x) => backend.Optimizers.Sgd(x[0], x[1], x[2], new(0.1, 0.9)))
            { Operands = Square("parameter", "gradient", "velocity") };
        yield return new("Optimizers.Adam",
            (backend, x) => backend.Optimizers.Adam(x[0], x[1], x[2], x[3], new(0.1, 1)))
            { Operands = Square("parameter", "gradient", "firstMoment", "secondMoment") };
        yield return new("Optimizers.AdamAll", (backend, x) => backend.Optimizers.AdamAll(
            [new(x[0], x[1], x[2], x[3]), new(x[4], x[5], x[6], x[7])], new(0.1, 1)))
            {
                // Errors name them by the parameter and by what they are of another one.
                Operands = Square("", "gradient", "", "", "", "gradient", "", ""),
            };
        yield return new("Optimizers.Adagrad",
            (backend, x) => backend.Optimizers.Adagrad(x[0], x[1], x[2], new(0.1)))
            { Operands = Square("parameter", "gradient", "squareSum") };
        yield return new("Optimizers.Adadelta",
            (backend, x) => backend.Optimizers.Adadelta(x[0], x[1], x[2], x[3], new(0.1)))
            { Operands = Square("parameter", "gradient", "squareAverage", "updateAverage") };
        yield return new("Optimizers.SgdRows", (backend, x) => backend.Optimizers.SgdRows(x[0],
            Views.Indices(backend.Device, 2, 0), x[1], x[2], Views.Indices(backend.Device, 0, 0, 0), new(0.1, 0.9)))
            { Operands = [.. Square("table"), new("gradient", 2, 3), .. Square("velocity")] };
        yield return new("Optimizers.AdamRows", (backend, x) => backend.Optimizers.AdamRows(x[0],
            Views.Indices(backend.Device, 2, 0), x[1], x[2], x[3], Views.Indices(backend.Device, 0, 0, 0),
            new(0.1, 1)))
            {
                Operands =
                    [.. Square("table"), new("gradient", 2, 3), .. Square("firstMoment", "secondMoment")],
            };
    }
}
