using System.Numerics;

namespace LdNetGpu.Autograd;

/// <summary>What a forward and a backward pass gave: outputs and the inputs' gradients in row order.</summary>
sealed record PassResult<T>(T[][] Outputs, T[][] Gradients, string[] Operations)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <param name="function">Its outputs are built once before, so that inputs it asks for are there.</param>
    /// <param name="cotangents">One array an output.</param>
    public static PassResult<T> Of(DifferentiableBlock<T> function, double[][] cotangents)
    {
        using (new TensorScope()) function.Outputs();
        return Of(function.Outputs, function.Leaves, cotangents);
    }

    /// <param name="function">Builds the outputs.</param>
    /// <param name="inputs">Leaves; their gradients are cleared before and after.</param>
    /// <param name="cotangents">One array an output.</param>
    /// <param name="only">The one output that is given its cotangent; null for all.</param>
    public static PassResult<T> Of(Func<IReadOnlyList<Tensor<T>>> function,
        IReadOnlyList<(string Name, Tensor<T> Tensor)> inputs, double[][] cotangents, int? only = null)
    {
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        foreach (var (_, input) in inputs) input.ClearGradient();
        var outputs = function();
        string[] operations = [.. tape.Operations.Distinct()];
        var values = outputs.Select(output => output.ToArray()).ToArray();
        tape.Backward([.. outputs.Index().Where(entry => only is null || entry.Index == only).Select(entry =>
            (entry.Item, Tensor.From(entry.Item.Backend,
                Array.ConvertAll(cotangents[entry.Index], T.CreateTruncating), entry.Item.Shape)))]);
        var gradients = inputs.Select(input => Dense(input.Tensor)).ToArray();
        foreach (var (_, input) in inputs) input.ClearGradient();
        return new(values, gradients, operations);
    }

    static T[] Dense(Tensor<T> tensor)
    {
        var gradient = tensor.GradientToArray() ?? new T[tensor.Shape.Count];
        if (tensor is not Parameter<T> { RowGradient: { IsEmpty: false } rows }) return gradient;
        var indices = new int[rows.Indices.Count];
        rows.Indices.Buffer.CopyTo(indices, rows.Indices.Offset);
        var values = new T[rows.Values.Count];
        rows.Values.Buffer.CopyTo(values, rows.Values.Offset);
        var columns = tensor.Shape.Columns;
        for (var i = 0; i < indices.Length; i++)
            for (var c = 0; c < columns; c++) gradient[indices[i] * columns + c] += values[i * columns + c];
        return gradient;
    }
}
