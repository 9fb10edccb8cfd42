namespace LdNetGpu.Autograd;

/// <summary>
/// One tensor given for two inputs of one shape: its gradient is the sum of those that two tensors of equal values get.
/// </summary>
static class AliasCheck
{
    public static GradientCheckPart Run(Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function,
        IReadOnlyList<(string Name, Tensor<double> Tensor)> inputs, double[][] cotangents)
    {
        var part = new PartResult("aliased inputs", PartResult.Rounding);
        for (var second = 1; second < inputs.Count; second++)
            for (var first = 0; first < second; first++)
                if (inputs[first].Tensor.Shape == inputs[second].Tensor.Shape)
                    part.Try($"{inputs[first].Name} as {inputs[second].Name}", () => Compare(first, second));
        return part.ToPart();

        void Compare(int first, int second)
        {
            var own = inputs[second].Tensor.ToArray();
            inputs[second].Tensor.CopyFrom(inputs[first].Tensor.ToArray());
            try
            {
                var apart = PassResult<double>.Of(() => function(Input), inputs, cotangents);
                var one = PassResult<double>.Of(
                    () => function((name, _) => Input(name == inputs[second].Name ? inputs[first].Name : name)),
                    inputs, cotangents);
                for (var i = 0; i < inputs.Count; i++)
                    if (i == first) part.Compare($"{inputs[first].Name} as {inputs[second].Name} too, gradient ",
                        one.Gradients[i], [.. apart.Gradients[first].Zip(apart.Gradients[second], (a, b) => a + b)],
                        apart.Gradients[first].Concat(apart.Gradients[second]).Select(Math.Abs).DefaultIfEmpty().Max());
                    else if (i != second)
                        part.Compare($"{inputs[i].Name}, {inputs[first].Name} being {inputs[second].Name} too, ",
                            one.Gradients[i], apart.Gradients[i]);
                for (var o = 0; o < cotangents.Length; o++)
                    part.Compare($"output {o}, {inputs[first].Name} being {inputs[second].Name} too, ", one.Outputs[o],
                        apart.Outputs[o]);
            }
            finally
            {
                inputs[second].Tensor.CopyFrom(own);
            }
        }

        Tensor<double> Input(string name, params int[] shape) => inputs.First(input => input.Name == name).Tensor;
    }
}
