using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>A number of training is no longer finite: nothing that follows from it is worth having.</summary>
/// <param name="step">The optimizer's step, from 1.</param>
/// <param name="quantity">What is not finite.</param>
/// <param name="value">NaN or an infinity.</param>
/// <param name="message">Both, for people.</param>
/// <param name="inner">The error beneath, where there is one.</param>
public class DivergedException(int step, string quantity, double value, string message, Exception? inner = null)
    : UserException(message, inner)
{
    /// <summary>The optimizer's step, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>What is not finite: <c>loss</c>, or the name of a parameter or of its gradient.</summary>
    public string Quantity { get; } = quantity;

    /// <summary>What it is: NaN or an infinity; of a gradient, the norm of all.</summary>
    public double Value { get; } = value;
}
