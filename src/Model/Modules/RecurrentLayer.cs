using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model;

/// <summary>
/// One or both directions of one recurrent layer, with PyTorch's names: weight_ih_l0, ..., weight_ih_l0_reverse.
/// </summary>
public sealed class RecurrentLayer<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly RecurrentWeights<T>[] directions;

    /// <summary>A layer of zeros until <see cref="Initialize"/>.</summary>
    /// <param name="backend">Where it lives.</param>
    /// <param name="unit">LSTM, GRU or tanh.</param>
    /// <param name="inputs">Columns of its input.</param>
    /// <param name="hidden">H.</param>
    /// <param name="bidirectional">Whether a second direction reads from the end.</param>
    /// <exception cref="ShapeException">A size is negative, or the gates have more rows than an int counts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public RecurrentLayer(DeviceBackend<T> backend, RecurrentUnit unit, int inputs, int hidden,
        bool bidirectional = false) : base(backend)
    {
        directions = [.. (bidirectional ? new[] { "", "_reverse" } : [""]).Select(suffix =>
            RecurrentWeights<T>.Of(unit, inputs, hidden, (name, shape) => Register($"{name}_l0{suffix}", shape)))];
    }

    /// <summary>The (forward) direction's weights.</summary>
    public RecurrentWeights<T> Weights => directions[0];

    /// <summary>[T, B, inputs] to [T, B, H], or [T, B, 2H] in both directions; zeros beyond each length [B].</summary>
    /// <param name="input">[T, B, inputs].</param>
    /// <param name="lengths">[B], 0 to T.</param>
    public Tensor<T> Forward(Tensor<T> input, IntTensor lengths)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(lengths);
        return RowOperations.Concatenate(
            [.. directions.Select((weights, d) => input.Recurrent(weights, lengths, reverse: d == 1).Hidden)]);
    }

    /// <summary>One direction read from last step to first.</summary>
    /// <param name="input">[T, B, inputs].</param>
    /// <param name="lengths">[B], 0 to T.</param>
    /// <returns>[T, B, H].</returns>
    public Tensor<T> ForwardReversed(Tensor<T> input, IntTensor lengths)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(lengths);
        return input.Recurrent(Weights, lengths, reverse: true).Hidden;
    }

    /// <summary>
    /// The forward direction over rows looked up, without a tape, read from first step to last or from last to first.
    /// </summary>
    /// <param name="input">[T, B, inputs].</param>
    /// <param name="lengths">[B], 0 to T.</param>
    /// <param name="reversed">Whether each sequence is read from its last real step.</param>
    /// <returns>[T, B, H].</returns>
    public Tensor<T> Forward(RowLookup<T> input, IntTensor lengths, bool reversed)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(lengths);
        return input.Recurrent(Weights, lengths, reversed);
    }

    /// <summary>Draws the weights of each direction.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var weights in directions) Initialization.Recurrent(weights, random);
    }
}
