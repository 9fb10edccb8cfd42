using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuCrf<T>(CpuDevice device) : ICrf<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void LogPartition(in CrfBatch<T> batch, MatrixView<T> logPartition) => throw new NotSupportedException();
    public void Score(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores) => throw new NotSupportedException();
    public void NegativeLogLikelihood(in CrfBatch<T> batch, IndexView tags, MatrixView<T> negativeLogLikelihood, MatrixView<T> weights, MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient, bool accumulate) => throw new NotSupportedException();
    public void Marginals(in CrfBatch<T> batch, MatrixView<T> marginals, MatrixView<T> logPartition) => throw new NotSupportedException();
    public void Viterbi(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores) => throw new NotSupportedException();
    public CrfPath[][] NBest(in CrfBatch<T> batch, int n) => throw new NotSupportedException();
}
