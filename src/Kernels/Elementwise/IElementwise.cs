using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>Functions of one variable that networks apply element by element.</summary>
public enum Unary
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>e^x.</summary>
    Exp,

    /// <summary>The natural logarithm; -∞ at 0, NaN below.</summary>
    Log,

    /// <summary>x².</summary>
    Square,

    /// <summary>-x.</summary>
    Negate,
}

/// <summary>
/// Element-by-element work over equal shapes [rows x columns]; the output may be an input. Accumulate means output +=
/// result.
/// </summary>
/// <exception cref="Devices.ShapeException">
/// Of every operation: shapes differ, an operand is missing or on another device, or an output shares
/// elements with another operand (<see cref="DeviceBackend{T}"/>).
/// </exception>
/// <exception cref="ObjectDisposedException">
/// Of every operation: the memory of an operand went back to its device.
/// </exception>
public interface IElementwise<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Each element of output = value.</summary>
    /// <param name="output">[rows x columns], overwritten.</param>
    /// <param name="value">Any, NaN and ∞ too.</param>
    void Fill(MatrixView<T> output, T value);

    /// <summary>output = input, whatever the strides of the two.</summary>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[rows x columns], overwritten.</param>
    void Copy(MatrixView<T> input, MatrixView<T> output);

    /// <summary>output = a + b.</summary>
    /// <param name="a">[rows x columns].</param>
    /// <param name="b">[rows x columns].</param>
    /// <param name="output">[rows x columns], overwritten; may be a or b.</param>
    void Add(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output);

    /// <summary>output (+)= a ∘ b.</summary>
    /// <param name="a">[rows x columns].</param>
    /// <param name="b">[rows x columns].</param>
    /// <param name="output">[rows x columns]; may be a or b.</param>
    /// <param name="accumulate">Whether the result is added to what the output holds.</param>
    void Multiply(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false);

    /// <summary>output (+)= factor · input.</summary>
    /// <param name="factor">A number of the host.</param>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[rows x columns]; may be the input.</param>
    /// <param name="accumulate">Whether the result is added to what the output holds.</param>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    void Scale(T factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false);

    /// <summary>output (+)= factor · input, the factor a 1 x 1 view on the device.</summary>
    /// <param name="factor">[1 x 1]: the host need not know its value.</param>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[rows x columns]; may be the input.</param>
    /// <param name="accumulate">Whether the result is added to what the output holds.</param>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    void Scale(MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false);

    /// <summary>Each row of output = row of input + the 1 x columns row.</summary>
    /// <param name="input">[rows x columns].</param>
    /// <param name="row">[1 x columns].</param>
    /// <param name="output">[rows x columns], overwritten; may be the input.</param>
    void AddRow(MatrixView<T> input, MatrixView<T> row, MatrixView<T> output);

    /// <summary>output = f(input).</summary>
    /// <param name="function">f.</param>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[rows x columns], overwritten; may be the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such function.</exception>
    void Map(Unary function, MatrixView<T> input, MatrixView<T> output);

    /// <summary>
    /// inputGradient (+)= outputGradient ∘ f'(·), from the saved input (Log, Square) or output (the others but Negate)
    /// of <see cref="Map"/>. The one that is not read may be none.
    /// </summary>
    /// <param name="function">f of the forward pass.</param>
    /// <param name="input">[rows x columns]: what <see cref="Map"/> read.</param>
    /// <param name="output">[rows x columns]: what <see cref="Map"/> wrote.</param>
    /// <param name="outputGradient">[rows x columns].</param>
    /// <param name="inputGradient">[rows x columns]; may be outputGradient.</param>
    /// <param name="accumulate">Whether the gradient is added to what is there.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such function.</exception>
    void MapBackward(Unary function, MatrixView<T> input, MatrixView<T> output, MatrixView<T> outputGradient,
        MatrixView<T> inputGradient, bool accumulate);
}
