using LdNetGpu.Autograd;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Onnx;

/// <summary>A model's layers as nodes, their weights by the names of its parameters.</summary>
/// <param name="graph">That the nodes go to.</param>
/// <param name="model">Whose parameters they read.</param>
sealed class OnnxLayers(OnnxGraph graph, Module<float> model)
{
    readonly Dictionary<string, Parameter<float>> parameters =
        model.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter, StringComparer.Ordinal);

    /// <summary>Values of a parameter.</summary>
    /// <param name="name">Its full name.</param>
    public Parameter<float> this[string name] => parameters[name];

    /// <summary>Rows of <c>NAME.weight</c> for ids of any shape: [..., width].</summary>
    /// <param name="name">Of the embedding.</param>
    /// <param name="ids">Each -1, which reads the last row, to rows - 1.</param>
    public string Embedding(string name, string ids) => graph.Add("Gather", [Weight(name + ".weight"), ids]);

    /// <summary>x Wᵀ + b: [..., in] to [..., out].</summary>
    /// <param name="name">Of the linear layer.</param>
    /// <param name="input">x.</param>
    public string Linear(string name, string input)
    {
        var weight = parameters[name + ".weight"];
        var (rows, columns) = (weight.Shape.Rows, weight.Shape.Columns);
        var transposed = graph.Constant(name + ".weight", [columns, rows],
            () => Transposed(weight.ToArray(), rows, columns));
        return graph.Add("Add", [graph.Add("MatMul", [input, transposed]), Weight(name + ".bias")]);
    }

    /// <summary>One direction of a recurrent layer: [T, B, in] to [T, B, H].</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="suffix">What its parameters' names end with.</param>
    /// <param name="unit">What it is made of.</param>
    /// <param name="input">[T, B, in].</param>
    /// <param name="lengths">[B] real steps, int32.</param>
    /// <param name="reverse">Whether sequences are read from their last real step.</param>
    public string Recurrent(string name, string suffix, RecurrentUnit unit, string input, string lengths,
        bool reverse)
    {
        var recurrence = OnnxRecurrence.Of(unit);
        var (inputWeight, recurrentWeight) = (Of("weight_ih"), Of("weight_hh"));
        long rows = recurrentWeight.Shape.Rows, hidden = recurrentWeight.Shape.Columns;
        var (inputBias, recurrentBias) = (Of("bias_ih"), Of("bias_hh"));
        var node = graph.Add(recurrence.Operator,
            [
                input,
                graph.Constant(name + ".W", [1, rows, inputWeight.Shape.Columns],
                    () => recurrence.Ordered(inputWeight.ToArray())),
                graph.Constant(name + ".R", [1, rows, hidden],
                    () => recurrence.Ordered(recurrentWeight.ToArray())),
                graph.Constant(name + ".B", [1, 2 * rows], float[] () =>
                    [.. recurrence.Ordered(inputBias.ToArray()), .. recurrence.Ordered(recurrentBias.ToArray())]),
                lengths,
            ],
            [
                OnnxAttribute.Of("hidden_size", hidden),
                OnnxAttribute.Of("direction", reverse ? "reverse" : "forward"), .. recurrence.Attributes,
            ]);
        // [T, 1, B, H]: the directions stand second.
        return graph.Add("Squeeze", [node, graph.Constant("axis", [1], 1L)]);

        Parameter<float> Of(string part) => parameters[$"{name}.{part}_l0{suffix}"];
    }

    /// <summary>Values side by side in their last dimension.</summary>
    /// <param name="values">One at least.</param>
    public string SideBySide(IReadOnlyList<string> values) =>
        values.Count == 1 ? values[0] : graph.Add("Concat", values, OnnxAttribute.Of("axis", -1));

    /// <summary>Dimensions in another order.</summary>
    /// <param name="value">Of as many dimensions.</param>
    /// <param name="order">For each of the result the value's.</param>
    public string Transpose(string value, params long[] order) =>
        graph.Add("Transpose", [value], OnnxAttribute.Of("perm", order));

    string Weight(string name) => graph.Constant(name,
        [.. Enumerable.Range(0, parameters[name].Shape.Rank).Select(axis => (long)parameters[name].Shape[axis])],
        () => parameters[name].ToArray());

    static float[] Transposed(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                transposed[column * rows + row] = values[row * columns + column];
        return transposed;
    }
}
