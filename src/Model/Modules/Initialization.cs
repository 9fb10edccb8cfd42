using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model;

/// <summary>Initial weights, as the published code draws them.</summary>
static class Initialization
{
    /// <summary>Embeddings: U(±sqrt(3 / dim)).</summary>
    public static void Embedding<T>(Tensor<T> table, RandomStream random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Uniform(table, Math.Sqrt(3.0 / table.Shape.Columns), random);

    /// <summary>Linear layers: U(±sqrt(6 / (in + out))), bias 0.</summary>
    public static void Linear<T>(Tensor<T> weight, Tensor<T>? bias, RandomStream random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Uniform(weight, Math.Sqrt(6.0 / (weight.Shape.Rows + weight.Shape.Columns)), random);
        if (bias is not null) Fill(bias, 0);
    }

    /// <summary>
    /// Recurrent layers: matrices U(±sqrt(6 / (H + in))), biases 0; the gate that begins open, an LSTM's forget gate, 1
    /// in each of the two.
    /// </summary>
    public static void Recurrent<T>(RecurrentWeights<T> weights, RandomStream random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = weights.HiddenSize;
        foreach (var matrix in new[] { weights.InputWeight, weights.RecurrentWeight })
            Uniform(matrix, Math.Sqrt(6.0 / (hidden + matrix.Shape.Columns)), random);
        foreach (var bias in new[] { weights.InputBias, weights.RecurrentBias })
        {
            var values = new T[bias.Shape.Count];
            if (weights.Unit.Traits().OpenGate is { } gate) values.AsSpan(gate * hidden, hidden).Fill(T.One);
            bias.CopyFrom(values);
        }
    }

    /// <summary>Xavier-normal: N(0, 2 / (in + out)).</summary>
    public static void XavierNormal<T>(Tensor<T> weight, RandomStream random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var deviation = Math.Sqrt(2.0 / (weight.Shape.Rows + weight.Shape.Columns));
        Draw(weight, () => deviation * random.NextNormal());
    }

    public static void Fill<T>(Tensor<T> tensor, double value) where T : unmanaged, IFloatingPointIeee754<T> =>
        tensor.Backend.Elementwise.Fill(tensor.Mutate(), T.CreateChecked(value));

    /// <summary>U(±bound).</summary>
    public static void Uniform<T>(Tensor<T> tensor, double bound, RandomStream random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Draw(tensor, () => bound * (2 * random.NextDouble() - 1));

    static void Draw<T>(Tensor<T> tensor, Func<double> next) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = new T[tensor.Shape.Count];
        for (var i = 0; i < values.Length; i++) values[i] = T.CreateTruncating(next());
        tensor.CopyFrom(values);
    }
}
