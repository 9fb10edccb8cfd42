using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>A check with a name, run when asked.</summary>
public sealed record GradientCheckCase(string Name, Func<GradientCheckOptions, GradientCheckReport> Run);

/// <summary>A gradient check for every differentiable operation, at small odd sizes and through views.</summary>
public sealed class OperationChecks(DeviceBackend<double> backend, ulong seed = 1)
{
    readonly List<GradientCheckCase> cases = [];

    /// <summary>One case or more for each operation.</summary>
    public IReadOnlyList<GradientCheckCase> All()
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
        Add("add", at => at("a", 3, 5).Add(at("b", 3, 5)));
        Add("add a tensor to itself", at => at("a", 3, 5) is var a ? a.Add(a) : a);
        Add("multiply", at => at("a", 7, 1).Multiply(at("b", 7, 1)));
        Add("scale", at => at("a", 2, 3, 5).Scale(-1.5));
        Add("scale by a tensor", at => at("a", 3, 5).ScaleBy(at("factor", 1)));
        Add("add row", at => at("a", 2, 3, 5).AddRow(at("row", 5)));
        foreach (var function in Enum.GetValues<Unary>())
            Add($"map {function}", at => (function == Unary.Log ? at("a", 3, 7).Multiply(at("a", 3, 7)).AddRow(Ones(7)) : at("a", 3, 7)).Map(function));
        Add("dropout", at => at("a", 5, 7).Dropout(0.4f, new RandomKey(3, 1, 4)));
        Add("sum", at => at("a", 3, 5).Sum());
        Add("mean of columns", at => at("a", 3, 5).Columns(1, 3).Mean());
        Add("views that overlap", at => at("a", 4, 6) is var a ? a.Columns(0, 4).Multiply(a.Columns(2, 4)).Add(a.Columns(1, 4).Slice(0, 4)) : a);
    }

    void Products()
    {
        Add("linear", at => at("x", 2, 3, 5).Linear(at("weight", 7, 5), at("bias", 7)));
        Add("linear without bias, of columns", at => at("x", 3, 9).Columns(2, 5).Linear(at("weight", 4, 5)));
        Add("linear with ReLU", at => at("x", 3, 5).Linear(at("weight", 7, 5), at("bias", 7), Activation.Relu));
        Add("linear, elements of the input dropped",
            at => at("x", 3, 9).Columns(1, 7).Linear(at("weight", 5, 7), at("bias", 5), dropout: new(0.4f, new RandomKey(3, 1, 4))));
        Add("matrix product NN", at => at("a", 3, 5).MatrixProduct(at("b", 5, 7)));
        Add("matrix product NT", at => at("a", 3, 5).MatrixProduct(at("b", 7, 5), GemmKind.NT));
        Add("matrix product TN", at => at("a", 5, 3).MatrixProduct(at("b", 5, 7), GemmKind.TN));
    }

    void Rows()
    {
        var ids = new[] { 2, 0, -1, 2, 5, 2 };
        Add("gather rows", at => at("table", 6, 3).GatherRows(Indices(ids), 2, 3));
        var table = new Parameter<double>(backend, new Shape(6, 3), byRows: true);
        table.CopyFrom(GradientInputs.Values("table", 18, seed));
        cases.Add(new("gather rows, gradient by rows", options => GradientCheck.Run("gather rows, gradient by rows",
            () => [table.GatherRows(Indices(ids)), table.GatherRows(Indices([1, 2]))], [("table", table)], options)));
        Add("concatenate", at => RowOperations.Concatenate(at("a", 2, 3, 1), at("b", 2, 3, 4), at("a", 2, 3, 1)));
        Add("mix layers", at => new[] { at("h1", 2, 3, 4), at("h2", 2, 3, 4), at("h3", 2, 3, 4) }.MixLayers(at("scores", 3), at("scale", 1)));
    }

    void Losses()
    {
        Add("log-softmax", at => at("x", 3, 7).LogSoftmax());
        Add("cross-entropy", at => at("logits", 4, 5).CrossEntropy(Indices([4, 0, -1, 2])));
        int[] cutoffs = [3, 5, 11];
        int[][] targets = [[0, 4, 10, 2, 7, 3], [0, 1, 2, 2, 9, 6]];
        foreach (var ids in targets)
            Add($"adaptive softmax, tails {ids.Count(id => id is 3 or 4)} and {ids.Count(id => id > 4)}", at => at("x", 6, 8).AdaptiveSoftmaxLoss(
                new(cutoffs, at("head", 5, 8), at("bias", 5), [(at("down0", 4, 8), at("up0", 2, 4)), (at("down1", 2, 8), at("up1", 6, 2))]), Indices(ids)));
    }

    void Recurrences()
    {
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
        {
            Add($"{unit} layer", at => at("x", 4, 3, 5).Recurrent(Weights(at, unit, 5, 3)).Hidden);
            Add($"{unit} layer, reversed, with lengths", at => at("x", 4, 3, 2).Recurrent(Weights(at, unit, 2, 5), Indices([2, 4, 1]), reverse: true).Hidden);
            Add($"{unit} layer, elements of the input dropped",
                at => at("x", 4, 3, 5).Recurrent(Weights(at, unit, 5, 3), dropout: new(0.3f, new RandomKey(3, 1, 4))).Hidden);
            Add($"{unit} layer, states in and out", at =>
            {
                var initial = new RecurrentState<double>(at("h0", 2, 3), unit.Traits().HasCell ? at("c0", 2, 3) : null);
                var (hidden, final) = at("x", 3, 2, 4).Recurrent(Weights(at, unit, 4, 3), Indices([3, 2]), initial: initial);
                return final.Cell is null ? [hidden, final.Hidden] : [hidden, final.Hidden, final.Cell];
            });
        }
    }

    void DenseStacks()
    {
        foreach (var unit in Enum.GetValues<RecurrentUnit>()) Dense($"dense {unit} stack", unit, new());
        Dense("dense stack, layers dropped", RecurrentUnit.Lstm, new() { Dropped = [true, false, true] });
        Dense("dense stack, element dropout", RecurrentUnit.Lstm,
            new() { InputDropout = 0.3f, InputKeys = [new(1, 1, 1), new(1, 1, 2), new(1, 1, 3)], Dropped = [false, true, false] });
        Dense("dense stack, scaled", RecurrentUnit.Lstm, new(), scaled: true);
        Dense("dense stack, reversed, with lengths", RecurrentUnit.Gru, new() { Reverse = true }, scaled: true, lengths: [2, 3]);
    }

    void Dense(string name, RecurrentUnit unit, DenseRecurrentOptions<double> options, bool scaled = false, int[]? lengths = null) => Add(name, at =>
        at("x", 3, 2, 4).DenseRecurrent([Weights(at, unit, 4, 3, "1."), Weights(at, unit, 7, 2, "2."), Weights(at, unit, 9, 3, "3.")],
            options with { LayerScale = scaled ? at("z", 3) : null, Lengths = lengths is null ? null : Indices(lengths) }).Output);

    void Crf()
    {
        var tags = new[] { 0, 2, 1, 1, 2, -1, 0, -1, -1 };
        Add("crf loss", at => at("emissions", 3, 3, 5).CrfLoss(at("transitions", 5, 5), new CrfSequences(3, 3, Indices([3, 2, 1]), 3, 4), Indices(tags)));
    }

    void Selection()
    {
        foreach (var kind in Enum.GetValues<SelectionPenalty>())
            foreach (var wanted in new[] { 2, 20 })
                Add($"penalty {kind}, {wanted} layers wanted", at =>
                    new[] { at("z1", 4).Map(Unary.Sigmoid), at("z2", 3).Map(Unary.Sigmoid) }.Penalty(kind, wanted));
    }

    static RecurrentWeights<double> Weights(
        GradientInput at, RecurrentUnit unit, int inputs, int hidden, string prefix = "") =>
        RecurrentWeights<double>.Of(unit, inputs, hidden, (name, shape) => at(prefix + name, [.. shape.Sizes]));

    void Add(string name, Func<GradientInput, Tensor<double>> build) =>
        Add(name, at => (IReadOnlyList<Tensor<double>>)[build(at)]);

    void Add(string name, Func<GradientInput, IReadOnlyList<Tensor<double>>> build) => cases.Add(new(name, options =>
    {
        using var inputs = new GradientInputs(backend, seed);
        return inputs.Check(name, build, options);
    }));

    IntTensor Indices(int[] values) => new(backend.Device, values);

    Tensor<double> Ones(int count) => Tensor.Full(backend, new Shape(count), 1.0);
}
