using System.Numerics;
using ILGPU;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// One step of a recurrence as kernels see it: rows are sequences, from the step's first row on; views without a stride
/// have no gaps between rows [B x H]. The recurrent products are made outside. What a unit does not have is empty.
/// </summary>
/// <param name="Gates">[B x G·H]: in, the gate sums; out, the activated gates.</param>
/// <param name="State">In, h'; out, h.</param>
/// <param name="Cell">In, c'; out, c.</param>
/// <param name="Saved">[B x H]: with a cell, takes c where it is there; with a candidate, W_hh h' of its gate, then q,
/// which is that with its bias.</param>
/// <param name="Bias">b_hh [G·H], where there is a candidate; empty for zeros.</param>
/// <param name="Output">[B x H]: takes h, and 0 where the step is padded, which changes nothing else.</param>
/// <param name="Lengths">[B], or empty where all rows are full.</param>
/// <param name="Time">The step.</param>
/// <param name="Hidden">H.</param>
readonly record struct ForwardStep<T>(Matrix<T> Gates, ArrayView<T> State, ArrayView<T> Cell, Matrix<T> Saved,
    ArrayView<T> Bias, Matrix<T> Output,
    ArrayView<int> Lengths, int Time, int Hidden) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether a row has no such step.</summary>
    public bool IsPadded(int row) => Lengths.Length > 0 && Time >= Lengths[row];

    /// <summary>An element of b_hh.</summary>
    public T BiasAt(int column) => Bias.Length > 0 ? Bias[column] : T.Zero;
}

/// <summary>The same step backward.</summary>
/// <param name="Gates">[B x G·H]: in, the activated gates; out, the gradients of the input's products, 0 where
/// padded.</param>
/// <param name="Saved">[B x H]: c or q, as the forward step left it.</param>
/// <param name="Previous">[B x H]: c where there is a cell, else h, of <paramref name="TimeBefore"/>; empty at the
/// pass's first step.</param>
/// <param name="Initial">[B x H]: what stands before the first step; empty for zeros.</param>
/// <param name="HiddenGradient">[B x H]: this step's own gradient of h.</param>
/// <param name="StateGradient">In, what later steps add to the gradient of h; out, the part of that of h' that does not
/// pass through W_hh.</param>
/// <param name="CellGradient">In, the gradient of c; out, that of c'.</param>
/// <param name="CandidateGradient">Takes the gradient of q, 0 where padded.</param>
/// <param name="Lengths">[B], or empty where all rows are full.</param>
/// <param name="Time">The step.</param>
/// <param name="TimeBefore">The step before, in the order of the pass.</param>
/// <param name="Hidden">H.</param>
readonly record struct BackwardStep<T>(Matrix<T> Gates, Matrix<T> Saved, Matrix<T> Previous, Matrix<T> Initial,
    Matrix<T> HiddenGradient, ArrayView<T> StateGradient, ArrayView<T> CellGradient, ArrayView<T> CandidateGradient,
    ArrayView<int> Lengths, int Time, int TimeBefore, int Hidden)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether a row has no such step.</summary>
    public bool IsPadded(int row) => IsPadded(row, Time);

    /// <summary>An element of c' or h'.</summary>
    public T Before(int row, int column)
    {
        if (Previous.IsPresent && !IsPadded(row, TimeBefore)) return Previous[row, column];
        return Initial.IsPresent ? Initial[row, column] : T.Zero;
    }

    bool IsPadded(int row, int time) => Lengths.Length > 0 && time >= Lengths[row];
}
