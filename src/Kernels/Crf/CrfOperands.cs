using System.Numerics;
using ILGPU;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// In a kernel: what <see cref="CrfBatch{T}"/> becomes at the launch. Scores are read as TScore, double for floats.
/// </summary>
/// <param name="Emissions">[T·B x K]: sentence b at step t has row t · B + b.</param>
/// <param name="Transitions">[K x K], from and to.</param>
/// <param name="Lengths">[B].</param>
/// <param name="Steps">T.</param>
/// <param name="Batch">B.</param>
/// <param name="Tags">K.</param>
/// <param name="StartTag">Before the first tag.</param>
/// <param name="EndTag">After the last one.</param>
readonly record struct CrfOperands<T, TScore>(Matrix<T> Emissions, Matrix<T> Transitions, ArrayView<int> Lengths,
    int Steps, int Batch, int Tags, int StartTag, int EndTag)
    where T : unmanaged, IFloatingPointIeee754<T>
    where TScore : unmanaged, IFloatingPointIeee754<TScore>
{
    public static CrfOperands<T, TScore> Of(in CrfBatch<T> batch) =>
        new(batch.Emissions, batch.Transitions, batch.Lengths.Array,
            batch.Steps, batch.Batch, batch.Transitions.Columns, batch.StartTag, batch.EndTag);

    public TScore Transition(int from, int to) => TScore.CreateTruncating(Transitions[from, to]);

    public TScore Emission(int row, int tag) => TScore.CreateTruncating(Emissions[row, tag]);

    /// <summary>score + emission; what is forbidden stays so whatever the emission.</summary>
    public TScore Joined(TScore score, int row, int tag) => score == TScore.NegativeInfinity
        ? score : score + Emission(row, tag);
}
