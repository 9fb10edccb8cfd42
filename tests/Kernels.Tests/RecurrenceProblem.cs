using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>All operands of one recurrence, random, with gaps between rows.</summary>
sealed class RecurrenceProblem<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public RecurrenceProblem(CpuDevice device, RecurrenceShape shape, int[]? lengths, bool initialStates)
    {
        var (unit, steps, batch, hidden, _) = shape;
        var gates = unit.Traits().Gates * hidden;
        (Device, Shape, InitialStates) = (device, shape, initialStates);
        LengthArray = lengths ?? [.. Enumerable.Repeat(steps, batch)];
        Lengths = lengths == null ? default : Views.Indices(device, lengths);
        Input = Views.Random<T>(device, steps * batch, gates, gates + 3, seed: 1);
        Weight = Views.Random<T>(device, gates, hidden, hidden + 1, seed: 2);
        Bias = unit.Traits().HasCandidate
            ? Views.Random<T>(device, 1, gates, seed: 3) : Views.Filled<T>(device, 1, gates);
        InitialHidden = initialStates
            ? Views.Random<T>(device, batch, hidden, hidden + 2, seed: 4) : Views.Filled<T>(device, batch, hidden);
        InitialCell = initialStates
            ? Views.Random<T>(device, batch, hidden, seed: 5) : Views.Filled<T>(device, batch, hidden);
        HiddenCotangent = Views.Random<T>(device, steps * batch, hidden, hidden + 4, seed: 6);
        FinalHiddenCotangent = Views.Random<T>(device, batch, hidden, seed: 7);
        FinalCellCotangent = unit.Traits().HasCell
            ? Views.Random<T>(device, batch, hidden, seed: 8) : Views.Filled<T>(device, batch, hidden);
        Gates = Views.Filled<T>(device, steps * batch, gates, stride: gates + 1);
        Hidden = Views.Filled<T>(device, steps * batch, hidden, 9, 2 * hidden + 1);
        Saved = Views.Filled<T>(device, steps * batch, hidden);
        FinalHidden = Views.Filled<T>(device, batch, hidden, 9, hidden + 5);
        FinalCell = Views.Filled<T>(device, batch, hidden, 9);
        WeightGradient = Views.Filled<T>(device, gates, hidden, 0.5, hidden + 2);
        BiasGradient = Views.Filled<T>(device, 1, gates, 0.5);
        InitialHiddenGradient = Views.Filled<T>(device, batch, hidden, 9);
        InitialCellGradient = Views.Filled<T>(device, batch, hidden, 9);
    }

    /// <summary>Gives the recurrence no bias, where the others give it one.</summary>
    public bool LeavesOutBias { get; init; }

    public CpuDevice Device { get; }
    public RecurrenceShape Shape { get; }
    public bool InitialStates { get; }
    public int[] LengthArray { get; }
    public IndexView Lengths { get; }
    public MatrixView<T> Input { get; }
    public MatrixView<T> Weight { get; }
    public MatrixView<T> Bias { get; }
    public MatrixView<T> InitialHidden { get; }
    public MatrixView<T> InitialCell { get; }
    public MatrixView<T> HiddenCotangent { get; }
    public MatrixView<T> FinalHiddenCotangent { get; }
    public MatrixView<T> FinalCellCotangent { get; }
    public MatrixView<T> Gates { get; }
    public MatrixView<T> Hidden { get; }
    public MatrixView<T> Saved { get; }
    public MatrixView<T> FinalHidden { get; }
    public MatrixView<T> FinalCell { get; }
    public MatrixView<T> WeightGradient { get; }
    public MatrixView<T> BiasGradient { get; }
    public MatrixView<T> InitialHiddenGradient { get; }
    public MatrixView<T> InitialCellGradient { get; }

    bool HasCell => Shape.Unit.Traits().HasCell;
    bool HasCandidate => Shape.Unit.Traits().HasCandidate;

    public void Forward(bool save = true)
    {
        for (var row = 0; row < Gates.Rows; row++) Input.Row(row).CopyTo(Gates.Row(row));
        Forward(Gates, default, save);
    }

    public void Forward(MatrixView<T> gates, IndexView inputRows, bool save = false) =>
        Recurrence.Forward(new RecurrenceForward<T>
    {
        Shape = Shape,
        Lengths = Lengths,
        Gates = gates,
        InputRows = inputRows,
        RecurrentWeight = Weight,
        RecurrentBias = HasCandidate && !LeavesOutBias ? Bias : default,
        InitialHidden = InitialStates ? InitialHidden : default,
        InitialCell = InitialStates && HasCell ? InitialCell : default,
        Hidden = Hidden,
        Saved = save ? Saved : default,
        FinalHidden = FinalHidden,
        FinalCell = HasCell ? FinalCell : default,
    });

    public void Backward() => Recurrence.Backward(new RecurrenceBackward<T>
    {
        Shape = Shape,
        Lengths = Lengths,
        Gates = Gates,
        RecurrentWeight = Weight,
        InitialHidden = InitialStates ? InitialHidden : default,
        InitialCell = InitialStates && HasCell ? InitialCell : default,
        Hidden = Hidden,
        Saved = Saved,
        HiddenGradient = HiddenCotangent,
        FinalHiddenGradient = InitialStates ? FinalHiddenCotangent : default,
        FinalCellGradient = InitialStates && HasCell ? FinalCellCotangent : default,
        RecurrentWeightGradient = WeightGradient,
        RecurrentBiasGradient = HasCandidate ? BiasGradient : default,
        InitialHiddenGradient = InitialStates ? InitialHiddenGradient : default,
        InitialCellGradient = InitialStates && HasCell ? InitialCellGradient : default,
    });

    CpuRecurrence<T> Recurrence => new(Device, new CpuGemm<T>(Device));
}
