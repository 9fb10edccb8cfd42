using LdNetGpu.Kernels;

namespace LdNetGpu.Model.Flops;

/// <summary>A recurrent layer as far as its cost goes.</summary>
/// <param name="Unit">LSTM has 4 gates, GRU 3, a plain RNN 1.</param>
/// <param name="InputSize">Width of x_t.</param>
/// <param name="HiddenSize">Width of h_t.</param>
public readonly record struct RecurrentLayer(RecurrentUnit Unit, int InputSize, int HiddenSize)
{
    /// <summary>Multiply-adds of one time step: gates · hidden · (input + hidden). Biases and the element-wise rest are left out.</summary>
    public long MultiplyAddsPerStep => (long)Unit.Gates() * HiddenSize * (InputSize + HiddenSize);
}
