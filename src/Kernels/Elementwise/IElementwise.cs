using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>Functions of one variable that networks apply element by element.</summary>
public enum Unary { Relu, Sigmoid, Tanh, Exp, Log, Square, Negate }

/// <summary>Element-by-element work over equal shapes [rows x columns]; the output may be an input. Accumulate means output += result.</summary>
public interface IElementwise<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    void Fill(MatrixView<T> output, T value);

    void Copy(MatrixView<T> input, MatrixView<T> output);

    /// <summary>output = a + b.</summary>
    void Add(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output);

    /// <summary>output (+)= a ∘ b.</summary>
    void Multiply(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false);

    /// <summary>output (+)= factor · input.</summary>
    void Scale(T factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false);

    /// <summary>output (+)= factor · input, the factor a 1 x 1 view on the device.</summary>
    void Scale(MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false);

    /// <summary>Each row of output = row of input + the 1 x columns row.</summary>
    void AddRow(MatrixView<T> input, MatrixView<T> row, MatrixView<T> output);

    /// <summary>output = f(input).</summary>
    void Map(Unary function, MatrixView<T> input, MatrixView<T> output);

    /// <summary>
    /// inputGradient (+)= outputGradient ∘ f'(·), from the saved input (Log, Square) or output (the others but Negate) of <see cref="Map"/>.
    /// The one that is not read may be none.
    /// </summary>
    void MapBackward(Unary function, MatrixView<T> input, MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate);
}
