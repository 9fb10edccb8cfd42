using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuElementwise<T>(CpuDevice device) : IElementwise<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Fill(MatrixView<T> output, T value) => throw new NotSupportedException();
    public void Copy(MatrixView<T> input, MatrixView<T> output) => throw new NotSupportedException();
    public void Add(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output) => throw new NotSupportedException();
    public void Multiply(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false) => throw new NotSupportedException();
    public void Scale(T factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false) => throw new NotSupportedException();
    public void Scale(MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false) => throw new NotSupportedException();
    public void AddRow(MatrixView<T> input, MatrixView<T> row, MatrixView<T> output) => throw new NotSupportedException();
    public void Map(Unary function, MatrixView<T> input, MatrixView<T> output) => throw new NotSupportedException();
    public void MapBackward(Unary function, MatrixView<T> input, MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate) => throw new NotSupportedException();
}
