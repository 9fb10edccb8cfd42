using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// One layer over a whole time-major sequence. Sizes: T steps, B batch, H hidden, G gates.
/// </summary>
/// <param name="Unit">LSTM, GRU or tanh.</param>
/// <param name="Steps">T.</param>
/// <param name="Batch">B.</param>
/// <param name="Hidden">H.</param>
/// <param name="Reverse">Whether the pass goes from the last step to the first.</param>
/// <remarks>
/// Lengths [B] (optional) say how many steps of each sequence are real. A padded step's hidden output is 0 and changes
/// no state; reversed, a sequence starts at its own last real step. Sequences sorted by falling length cost no more
/// than their real steps.
/// </remarks>
public readonly record struct RecurrenceShape(RecurrentUnit Unit, int Steps, int Batch, int Hidden,
    bool Reverse = false)
{
    /// <summary>Whether there is no state to go through the steps.</summary>
    public bool IsEmpty => Batch == 0 || Hidden == 0;
}

/// <summary>What a forward pass reads and writes. Optional views may be left out.</summary>
public struct RecurrenceForward<T> where T : unmanaged
{
    /// <summary>Sizes, unit and direction.</summary>
    public RecurrenceShape Shape;

    /// <summary>[B] or none: all full.</summary>
    public IndexView Lengths;

    /// <summary>
    /// [T·B x G·H]: in, the input's products W_ih x + b_ih, + b_hh where the unit has no candidate; out, the activated
    /// gates.
    /// </summary>
    public MatrixView<T> Gates;

    /// <summary>
    /// [T·B], optional: Gates holds the input products of D distinct inputs [D x G·H], and this names each step's.
    /// Gates is left as it is, so there is no backward pass.
    /// </summary>
    public IndexView InputRows;

    /// <summary>W_hh [G·H x H].</summary>
    public MatrixView<T> RecurrentWeight;

    /// <summary>b_hh [1 x G·H], for a unit with a candidate; none: zeros.</summary>
    public MatrixView<T> RecurrentBias;

    /// <summary>[B x H], optional: zeros. The cell state is for units that have one, here and below.</summary>
    public MatrixView<T> InitialHidden, InitialCell;

    /// <summary>Out: h_t [T·B x H], any row stride: it may be columns of a wider buffer.</summary>
    public MatrixView<T> Hidden;

    /// <summary>Out, [T·B x H], for the backward pass of a unit that saves: c_t, or the candidate's product.</summary>
    public MatrixView<T> Saved;

    /// <summary>
    /// Out [B x H], optional: the state after each sequence's last step in time order of the pass. May be the initial
    /// state's views.
    /// </summary>
    public MatrixView<T> FinalHidden, FinalCell;
}

/// <summary>What a backward pass reads and writes, beside the forward pass's views.</summary>
public struct RecurrenceBackward<T> where T : unmanaged
{
    /// <summary>As in the forward pass.</summary>
    public RecurrenceShape Shape;

    /// <summary>As in the forward pass.</summary>
    public IndexView Lengths;

    /// <summary>
    /// In: activated gates of the forward pass; out: gradient of the input products [T·B x G·H] (0 at padded steps).
    /// </summary>
    public MatrixView<T> Gates;

    /// <summary>As after the forward pass.</summary>
    public MatrixView<T> RecurrentWeight, InitialHidden, InitialCell, Hidden, Saved;

    /// <summary>In: gradient of h_t [T·B x H], any row stride.</summary>
    public MatrixView<T> HiddenGradient;

    /// <summary>In [B x H], optional: gradient of the final states.</summary>
    public MatrixView<T> FinalHiddenGradient, FinalCellGradient;

    /// <summary>
    /// Out, optional: += gradient of W_hh, one product over all steps; of b_hh (with a candidate; else it equals
    /// b_ih's).
    /// </summary>
    public MatrixView<T> RecurrentWeightGradient, RecurrentBiasGradient;

    /// <summary>Out [B x H], optional: = gradient of the initial states.</summary>
    public MatrixView<T> InitialHiddenGradient, InitialCellGradient;
}

/// <summary>Recurrences of every <see cref="RecurrentUnit"/>.</summary>
public interface IRecurrence<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Runs all steps of a layer: the input's products become activated gates in place, and states go from step to
    /// step.
    /// </summary>
    /// <param name="pass">Views to read and to write.</param>
    /// <exception cref="Devices.ShapeException">
    /// A view is missing, on another device, or of another shape; a length is not 0 to T; an output shares elements
    /// with another operand (<see cref="DeviceBackend{T}"/>).
    /// </exception>
    void Forward(in RecurrenceForward<T> pass);

    /// <summary>Backpropagation through time over all steps; in place, so the activated gates are used up.</summary>
    /// <param name="pass">Views to read and to write.</param>
    /// <exception cref="Devices.ShapeException">
    /// A view is missing, on another device, or of another shape; a length is not 0 to T; an output shares elements
    /// with another operand (<see cref="DeviceBackend{T}"/>).
    /// </exception>
    void Backward(in RecurrenceBackward<T> pass);
}
