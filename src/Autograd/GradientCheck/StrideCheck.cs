using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// Each input in turn, then all together, as columns of a wider tensor with NaN beside them: the same outputs and
/// gradients, and nothing written beside the columns.
/// </summary>
static class StrideCheck
{
    const int Before = 2, After = 3;

    public static GradientCheckPart Run(DeviceBackend<double> backend,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function, FirstOrderCheck first)
    {
        var part = new PartResult("strided inputs", PartResult.Rounding);
        for (var i = 0; i < first.Inputs.Count; i++)
            part.Try(first.Inputs[i].Name, () => Compare($"{first.Inputs[i].Name} in columns: ", [i]));
        if (first.Inputs.Count > 1)
            part.Try("all inputs", () => Compare("all in columns: ", [.. Enumerable.Range(0, first.Inputs.Count)]));
        return part.ToPart();

        void Compare(string what, int[] chosen)
        {
            var wide = new Dictionary<string, Tensor<double>>();
            var views = new Dictionary<string, Tensor<double>>();
            try
            {
                var leaves = new List<(string Name, Tensor<double> Tensor)>();
                for (var i = 0; i < first.Inputs.Count; i++)
                {
                    var (name, tensor) = first.Inputs[i];
                    if (chosen.Contains(i))
                        tensor = views[name] = InColumns(tensor, wide[name] = Wide(backend, tensor));
                    leaves.Add((name, tensor));
                }
                var pass = PassResult<double>.Of(
                    () => function((name, _) => leaves.Find(leaf => leaf.Name == name).Tensor), leaves,
                    first.Cotangents);
                for (var o = 0; o < first.Outputs.Length; o++)
                    part.Compare($"{what}output {o}", pass.Outputs[o], first.Outputs[o]);
                for (var i = 0; i < leaves.Count; i++)
                    part.Compare(what + leaves[i].Name, pass.Gradients[i], first.Gradients[i]);
                foreach (var (name, tensor) in wide) RequireUntouched(what, name, tensor, views[name].Shape.Columns);
            }
            finally
            {
                foreach (var tensor in wide.Values) tensor.Storage.Dispose();
            }
        }

        static Tensor<double> Wide(DeviceBackend<double> backend, Tensor<double> tensor)
        {
            var wide = new Tensor<double>(backend, tensor.Shape.WithColumns(tensor.Shape.Columns + Before + After),
                scoped: false) { RequiresGradient = true };
            var values = new double[wide.Shape.Count];
            Array.Fill(values, double.NaN);
            wide.CopyFrom(values);
            return wide;
        }

        static Tensor<double> InColumns(Tensor<double> tensor, Tensor<double> wide)
        {
            var columns = wide.Columns(Before, tensor.Shape.Columns);
            if (tensor.Shape.Rank == 0) columns = columns.Reshape();
            columns.CopyFrom(tensor.ToArray());
            return columns;
        }

        void RequireUntouched(string what, string name, Tensor<double> tensor, int columns)
        {
            var values = tensor.ToArray();
            for (var e = 0; e < values.Length; e++)
                if (e % (columns + Before + After) - Before is var c && (c < 0 || c >= columns))
                    part.Add($"{what}beside the columns of {name}, element {e}",
                        double.IsNaN(values[e]) ? 0 : double.PositiveInfinity);
        }
    }
}
