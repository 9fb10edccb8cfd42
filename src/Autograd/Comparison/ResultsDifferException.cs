using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>
/// Two implementations do not come to one result. The message says where and by how much they differ.
/// </summary>
/// <param name="message">The implementations, the result, the element, both values and what is allowed.</param>
/// <param name="result">Which of the results, from 0.</param>
/// <param name="element">Which of its elements, from 0; null where numbers or shapes of results differ.</param>
/// <param name="difference">Between the two values; NaN where shapes differ, or one is no number.</param>
public sealed class ResultsDifferException(string message, int result, long? element, double difference)
    : UserException(message)
{
    /// <summary>Which of the results, from 0.</summary>
    public int Result { get; } = result;

    /// <summary>Which of its elements, from 0; null where numbers or shapes of results differ.</summary>
    public long? Element { get; } = element;

    /// <summary>Between the two values; NaN where shapes differ, or one is no number.</summary>
    public double Difference { get; } = difference;
}
