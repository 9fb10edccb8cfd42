using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// A linear-chain CRF over a padded batch. Score of tags y_1..y_n: sum_t emissions[t, y_t] + transitions[y_{t-1}, y_t],
/// with y_0 = start and a last transition y_n -> end. Transitions of -infinity forbid. Sizes: T steps, B batch, K tags
/// (start and end are two of them).
/// </summary>
public struct CrfBatch<T> where T : unmanaged
{
    /// <summary>T, the steps of the longest sentence.</summary>
    public int Steps;

    /// <summary>B, the sentences.</summary>
    public int Batch;

    /// <summary>The tag before each sentence's first: a row of <see cref="Transitions"/>.</summary>
    public int StartTag;

    /// <summary>The tag behind each sentence's last: a column of <see cref="Transitions"/>.</summary>
    public int EndTag;

    /// <summary>[B], 1 ≤ length ≤ T; padded steps play no part.</summary>
    public IndexView Lengths;

    /// <summary>[T·B x K], time-major.</summary>
    public MatrixView<T> Emissions;

    /// <summary>[K x K], row = from, column = to.</summary>
    public MatrixView<T> Transitions;
}

/// <summary>One of the best tag sequences of a sentence.</summary>
/// <param name="Tags">n tags.</param>
/// <param name="LogProbability">score - log Z, at most 0.</param>
public readonly record struct CrfPath(int[] Tags, double LogProbability);

/// <summary>
/// Forward-backward, Viterbi and n-best. Exact in any range of scores; nothing of size T·B·K·K is ever built.
/// </summary>
/// <exception cref="Devices.ShapeException">
/// Of every operation: an output shares elements with another operand (<see cref="DeviceBackend{T}"/>).
/// </exception>
public interface ICrf<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// logPartition [B x 1] = log sum over all tag sequences of exp(score); -∞ for a sentence whose every sequence is
    /// forbidden.
    /// </summary>
    /// <param name="batch">Scores of B sentences.</param>
    /// <param name="logPartition">Overwritten.</param>
    /// <exception cref="Devices.ShapeException">
    /// An operand is missing, on another device, or of another shape.
    /// </exception>
    void LogPartition(in CrfBatch<T> batch, MatrixView<T> logPartition);

    /// <summary>scores [B x 1] of the given tags [T·B] (time-major; ignored where padded).</summary>
    /// <param name="batch">Scores of B sentences.</param>
    /// <param name="tags">From 0 to K - 1.</param>
    /// <param name="scores">Overwritten.</param>
    /// <exception cref="Devices.ShapeException">
    /// An operand is missing, on another device, or of another shape, or a tag is none of K.
    /// </exception>
    void Score(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores);

    /// <summary>
    /// negativeLogLikelihood [B x 1] = log Z - score(tags) ≥ 0 and its gradients in one forward-backward sweep,
    /// weighted by a cotangent [B x 1]: emissionsGradient [T·B x K] (+)= weight · (marginal - gold),
    /// transitionsGradient [K x K] += weight · (expected - gold counts). The gradient views may be none.
    /// </summary>
    /// <param name="batch">Scores of B sentences.</param>
    /// <param name="tags">[T·B], time-major: the gold tags, ignored where padded.</param>
    /// <param name="negativeLogLikelihood">[B x 1], overwritten.</param>
    /// <param name="weights">
    /// [B x 1]: the cotangent of each sentence's loss; none where no gradient is asked for.
    /// </param>
    /// <param name="emissionsGradient">[T·B x K] or none.</param>
    /// <param name="transitionsGradient">[K x K] or none; always added to.</param>
    /// <param name="accumulate">
    /// Whether the gradient of the emissions is added to what is there, not written over it.
    /// </param>
    /// <param name="sweeps">Filled by a call without gradients, used up by one with them; the operands must be the
    /// same.</param>
    /// <exception cref="Devices.ShapeException">
    /// An operand is missing, on another device, or of another shape; sweeps of another batch.
    /// </exception>
    /// <exception cref="ForbiddenTagsException">
    /// The gold tags of a sentence take a score of -∞.
    /// </exception>
    void NegativeLogLikelihood(in CrfBatch<T> batch, IndexView tags, MatrixView<T> negativeLogLikelihood,
        MatrixView<T> weights, MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient, bool accumulate,
        CrfSweeps? sweeps = null);

    /// <summary>Room for a batch's forward sweeps; null where every call sweeps anew.</summary>
    CrfSweeps? NewSweeps() => null;

    /// <summary>marginals [T·B x K] = P(y_t = k | sentence), 0 where padded; logPartition [B x 1].</summary>
    /// <param name="batch">Scores of B sentences.</param>
    /// <param name="marginals">Overwritten.</param>
    /// <param name="logPartition">Overwritten.</param>
    /// <exception cref="Devices.ShapeException">
    /// An operand is missing, on another device, or of another shape.
    /// </exception>
    /// <exception cref="ForbiddenTagsException">The scores forbid every sequence of a sentence.</exception>
    void Marginals(in CrfBatch<T> batch, MatrixView<T> marginals, MatrixView<T> logPartition);

    /// <summary>
    /// Best tags [T·B] (time-major, -1 where padded) and their scores [B x 1]. Ties go to the lowest tag.
    /// </summary>
    /// <param name="batch">Scores of B sentences.</param>
    /// <param name="tags">Overwritten.</param>
    /// <param name="scores">Overwritten: not divided by Z.</param>
    /// <exception cref="Devices.ShapeException">
    /// An operand is missing, on another device, or of another shape.
    /// </exception>
    /// <exception cref="ForbiddenTagsException">The scores forbid every sequence of a sentence.</exception>
    void Viterbi(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores);

    /// <summary>
    /// The n best sequences of each sentence, best first, with true probabilities (divided by Z, not by the n best's
    /// sum).
    /// </summary>
    /// <param name="batch">Scores of B sentences.</param>
    /// <param name="n">1 to 100,000.</param>
    /// <returns>For each sentence at most n paths: fewer where it has not so many that are allowed.</returns>
    /// <exception cref="Devices.ShapeException">
    /// An operand is missing, on another device, or of another shape.
    /// </exception>
    CrfPath[][] NBest(in CrfBatch<T> batch, int n);
}
