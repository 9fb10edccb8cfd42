using System.Numerics;
using ILGPU;

namespace LdNetGpu.Kernels;

/// <summary>What the recurrent kernels share: which steps of a row are real, and the state before a step.</summary>
static class PaddedSteps
{
    /// <summary>Whether a row has no such step; lengths are empty where all rows are full.</summary>
    public static bool IsPadded(ArrayView<int> lengths, int row, int time) => lengths.Length > 0 && time >= lengths[row];

    /// <summary>
    /// An element of the state before a step: of the step at timeBefore, whose rows are previous (empty at the first step in the order of
    /// the pass), where the row has that step; else of the initial state (empty: zeros).
    /// </summary>
    public static T Before<T>(ArrayView<T> previous, int previousStride, ArrayView<T> initial, int initialStride,
        ArrayView<int> lengths, int row, int column, int timeBefore)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (previous.Length > 0 && !IsPadded(lengths, row, timeBefore)) return previous[(long)row * previousStride + column];
        return initial.Length > 0 ? initial[(long)row * initialStride + column] : T.Zero;
    }
}
