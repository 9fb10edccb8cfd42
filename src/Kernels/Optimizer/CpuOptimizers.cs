using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuOptimizers<T>(CpuDevice device) : IOptimizers<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step) => throw new NotSupportedException();
    public void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step) => throw new NotSupportedException();
    public void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step) => throw new NotSupportedException();
    public void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage, MatrixView<T> updateAverage, AdadeltaStep step) => throw new NotSupportedException();
    public void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity, IndexView lastStep, SgdStep step) => throw new NotSupportedException();
    public void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, IndexView lastStep, AdamStep step) => throw new NotSupportedException();
}
