using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Autograd;

/// <summary>Every differentiable operation, in any kind of number, at small odd sizes and through views.</summary>
sealed class CheckedOperations<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly List<(string Name, Func<GradientInput<T>, IReadOnlyList<Tensor<T>>> Outputs)> cases = [];

    /// <summary>One case or more for each operation.</summary>
    public IReadOnlyList<(string Name, Func<GradientInput<T>, IReadOnlyList<Tensor<T>>> Outputs)> All()
    {
        cases.Clear();
        Elementwise();
        Products();
        Rows();
        Losses();
        Recurrences();
        DenseStacks();
        Crf();
        Selection();
        return cases;
    }

    void Elementwise()
    {
        Add("add", leaf => leaf("a", 3, 5).Add(leaf("b", 3, 5)));
        Add("add a tensor to itself", leaf => leaf("a", 3, 5) is var a ? a.Add(a) : a);
        Add("multiply", leaf => leaf("a", 7, 1).Multiply(leaf("b", 7, 1)));
        Add("scale", leaf => leaf("a", 2, 3, 5).Scale(-1.5));
        Add("scale by a tensor", leaf => leaf("a", 3, 5).ScaleBy(leaf("factor", 1)));
        Add("add row", leaf => leaf("a", 2, 3, 5).AddRow(leaf("row", 5)));
        foreach (var function in Enum.GetValues<Unary>())
            Add($"map {function}",
                leaf => (function == Unary.Log
                    ? leaf("a", 3, 7).Multiply(leaf("a", 3, 7)).AddRow(Ones(7)) : leaf("a", 3, 7)).Map(function));
        Add("dropout", leaf => leaf("a", 5, 7).Dropout(0.4f, new RandomKey(3, 1, 4)));
        Add("sum", leaf => leaf("a", 3, 5).Sum());
        Add("mean of columns", leaf => leaf("a", 3, 5).Columns(1, 3).Mean());
        Add("views that overlap", leaf => leaf("a", 4, 6) is var a
            ? a.Columns(0, 4).Multiply(a.Columns(2, 4)).Add(a.Columns(1, 4).Slice(0, 4)) : a);
    }

    void Products()
    {
        Add("linear", leaf => leaf("x", 2, 3, 5).Linear(leaf("weight", 7, 5), leaf("bias", 7)));
        Add("linear without bias, of columns", leaf => leaf("x", 3, 9).Columns(2, 5).Linear(leaf("weight", 4, 5)));
        Add("linear with ReLU", leaf => leaf("x", 3, 5).Linear(leaf("weight", 7, 5), leaf("bias", 7), Activation.Relu));
        Add("linear, elements of the input dropped",
            leaf => leaf("x", 3, 9).Columns(1, 7)
                .Linear(leaf("weight", 5, 7), leaf("bias", 5), dropout: new(0.4f, new RandomKey(3, 1, 4))));
        Add("matrix product NN", leaf => leaf("a", 3, 5).MatrixProduct(leaf("b", 5, 7)));
        Add("matrix product NT", leaf => leaf("a", 3, 5).MatrixProduct(leaf("b", 7, 5), GemmKind.NT));
        Add("matrix product TN", leaf => leaf("a", 5, 3).MatrixProduct(leaf("b", 5, 7), GemmKind.TN));
    }

    void Rows()
    {
        var ids = new[] { 2, 0, -1, 2, 5, 2 };
        Add("gather rows", leaf => leaf("table", 6, 3).GatherRows(Indices(ids), 2, 3));
        Add("concatenate",
            leaf => RowOperations.Concatenate(leaf("a", 2, 3, 1), leaf("b", 2, 3, 4), leaf("a", 2, 3, 1)));
        Add("mix layers",
            leaf => new[] { leaf("h1", 2, 3, 4), leaf("h2", 2, 3, 4), leaf("h3", 2, 3, 4) }.MixLayers(leaf("scores", 3),
                leaf("scale", 1)));
    }

    void Losses()
    {
        Add("log-softmax", leaf => leaf("x", 3, 7).LogSoftmax());
        Add("cross-entropy", leaf => leaf("logits", 4, 5).CrossEntropy(Indices([4, 0, -1, 2])));
        int[] cutoffs = [3, 5, 11];
        int[][] targets = [[0, 4, 10, 2, 7, 3], [0, 1, 2, 2, 9, 6]];
        foreach (var ids in targets)
            Add($"adaptive softmax, tails {ids.Count(id => id is 3 or 4)} and {ids.Count(id => id > 4)}",
                leaf => leaf("x", 6, 8).AdaptiveSoftmaxLoss(
                    new(cutoffs, leaf("head", 5, 8), leaf("bias", 5),
                        [(leaf("down0", 4, 8), leaf("up0", 2, 4)), (leaf("down1", 2, 8), leaf("up1", 6, 2))]),
                    Indices(ids)));
    }

    void Recurrences()
    {
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
        {
            Add($"{unit} layer", leaf => leaf("x", 4, 3, 5).Recurrent(Weights(leaf, unit, 5, 3)).Hidden);
            Add($"{unit} layer, reversed, with lengths",
                leaf => leaf("x", 4, 3, 2)
                    .Recurrent(Weights(leaf, unit, 2, 5), Indices([2, 4, 1]), reverse: true).Hidden);
            Add($"{unit} layer, elements of the input dropped",
                leaf => leaf("x", 4, 3, 5)
                    .Recurrent(Weights(leaf, unit, 5, 3), dropout: new(0.3f, new RandomKey(3, 1, 4))).Hidden);
            Add($"{unit} layer, states in and out", leaf =>
            {
                var initial =
                    new RecurrentState<T>(leaf("h0", 2, 3), unit.Traits().HasCell ? leaf("c0", 2, 3) : null);
                var (hidden, final) = leaf("x", 3, 2, 4)
                    .Recurrent(Weights(leaf, unit, 4, 3), Indices([3, 2]), initial: initial);
                return final.Cell is null ? [hidden, final.Hidden] : [hidden, final.Hidden, final.Cell];
            });
        }
    }

    void DenseStacks()
    {
        foreach (var unit in Enum.GetValues<RecurrentUnit>()) Dense($"dense {unit} stack", unit, new());
        Dense("dense stack, layers dropped", RecurrentUnit.Lstm, new() { Dropped = [true, false, true] });
        Dense("dense stack, element dropout", RecurrentUnit.Lstm,
            new() { InputDropout = 0.3f, InputKeys = [new(1, 1, 1), new(1, 1, 2), new(1, 1, 3)],
                Dropped = [false, true, false] });
        Dense("dense stack, scaled", RecurrentUnit.Lstm, new(), scaled: true);
        Dense("dense stack, reversed, with lengths", RecurrentUnit.Gru, new() { Reverse = true }, scaled: true,
            lengths: [2, 3]);
    }

    void Dense(string name, RecurrentUnit unit, DenseRecurrentOptions<T> options, bool scaled = false,
        int[]? lengths = null) => Add(name, leaf =>
            leaf("x", 3, 2, 4)
                .DenseRecurrent([Weights(leaf, unit, 4, 3, "1."), Weights(leaf, unit, 7, 2, "2."),
                    Weights(leaf, unit, 9, 3, "3.")],
                options with { LayerScale = scaled ? leaf("z", 3) : null,
                    Lengths = lengths is null ? null : Indices(lengths) }).Output);

    void Crf()
    {
        var tags = new[] { 0, 2, 1, 1, 2, -1, 0, -1, -1 };
        Add("crf loss",
            leaf => leaf("emissions", 3, 3, 5)
                .CrfLoss(leaf("transitions", 5, 5), new CrfSequences(3, 3, Indices([3, 2, 1]), 3, 4), Indices(tags)));
    }

    void Selection()
    {
        foreach (var kind in Enum.GetValues<SelectionPenalty>())
            foreach (var wanted in new[] { 2, 20 })
                Add($"penalty {kind}, {wanted} layers wanted", leaf =>
                    new[] { leaf("z1", 4).Map(Unary.Sigmoid), leaf("z2", 3).Map(Unary.Sigmoid) }.Penalty(kind, wanted));
    }

    static RecurrentWeights<T> Weights(
        GradientInput<T> leaf, RecurrentUnit unit, int inputs, int hidden, string prefix = "") =>
        RecurrentWeights<T>.Of(unit, inputs, hidden, (name, shape) => leaf(prefix + name, [.. shape.Sizes]));

    void Add(string name, Func<GradientInput<T>, Tensor<T>> build) =>
        Add(name, leaf => (IReadOnlyList<Tensor<T>>)[build(leaf)]);

    void Add(string name, Func<GradientInput<T>, IReadOnlyList<Tensor<T>>> build) => cases.Add((name, build));

    IntTensor Indices(int[] values) => new(backend.Device, values);

    Tensor<T> Ones(int count) => Tensor.Full(backend, new Shape(count), T.One);
}
