using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>Weights of one recurrent layer in PyTorch's layout; G is the unit's number of gates.</summary>
/// <param name="Unit">LSTM, GRU or tanh.</param>
/// <param name="InputWeight">weight_ih [G·H, input].</param>
/// <param name="RecurrentWeight">weight_hh [G·H, H].</param>
/// <param name="InputBias">bias_ih [G·H].</param>
/// <param name="RecurrentBias">bias_hh [G·H].</param>
public sealed record RecurrentWeights<T>(RecurrentUnit Unit, Tensor<T> InputWeight, Tensor<T> RecurrentWeight,
    Tensor<T> InputBias, Tensor<T> RecurrentBias)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>weight_ih [G·H, input].</summary>
    public Tensor<T> InputWeight
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(InputWeight));
    } = InputWeight ?? throw new ArgumentNullException(nameof(InputWeight));

    /// <summary>weight_hh [G·H, H].</summary>
    public Tensor<T> RecurrentWeight
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(RecurrentWeight));
    } = RecurrentWeight ?? throw new ArgumentNullException(nameof(RecurrentWeight));

    /// <summary>bias_ih [G·H].</summary>
    public Tensor<T> InputBias
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(InputBias));
    } = InputBias ?? throw new ArgumentNullException(nameof(InputBias));

    /// <summary>bias_hh [G·H].</summary>
    public Tensor<T> RecurrentBias
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(RecurrentBias));
    } = RecurrentBias ?? throw new ArgumentNullException(nameof(RecurrentBias));

    /// <summary>H.</summary>
    public int HiddenSize => RecurrentWeight.Shape.Columns;

    /// <summary>Columns of the layer's input.</summary>
    public int InputSize => InputWeight.Shape.Columns;

    /// <summary>A layer of a unit from its parts, each made by its name and shape.</summary>
    /// <param name="unit">LSTM, GRU or tanh.</param>
    /// <param name="inputs">Columns of the layer's input.</param>
    /// <param name="hidden">H.</param>
    /// <param name="make">Takes PyTorch's name (<c>weight_ih</c>, ...) and the shape.</param>
    /// <exception cref="ShapeException">A size is negative, or the gates have more rows than an int counts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public static RecurrentWeights<T> Of(RecurrentUnit unit, int inputs, int hidden,
        Func<string, Shape, Tensor<T>> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        ShapeException.RequireSize("recurrent weights", "inputs", inputs);
        ShapeException.RequireSize("recurrent weights", "hidden size", hidden);
        var gates = unit.Traits().Gates;
        var rows = ShapeException.RequireSize("recurrent weights", $"{gates} gates of hidden size {hidden}",
            (long)gates * hidden);
        return new(unit, make("weight_ih", new(rows, inputs)), make("weight_hh", new(rows, hidden)),
            make("bias_ih", new(rows)), make("bias_hh", new(rows)));
    }

    /// <summary>The four, as in PyTorch.</summary>
    public IReadOnlyList<Tensor<T>> All => [InputWeight, RecurrentWeight, InputBias, RecurrentBias];

    internal RecurrentTraits Traits => Unit.Traits();

    /// <summary>
    /// What is added to the input's products: b_ih, and b_hh unless it goes with the candidate's product.
    /// </summary>
    internal IReadOnlyList<Tensor<T>> InputBiases => Traits.HasCandidate ? [InputBias] : [InputBias, RecurrentBias];

    /// <summary>b_hh where the recurrence itself adds it.</summary>
    internal Tensor<T>? CandidateBias => Traits.HasCandidate ? RecurrentBias : null;

    /// <summary>Why the shapes do not make a layer; null when they do.</summary>
    internal string? Fault()
    {
        var gates = (long)Traits.Gates * HiddenSize;
        return InputWeight.Shape.Rows == gates && RecurrentWeight.Shape.Rows == gates && InputBias.Shape.Count == gates
            && RecurrentBias.Shape.Count == gates
            ? null
            : $"{Unit} of hidden size {HiddenSize} needs {gates} rows in every weight: " +
                $"weight_ih {InputWeight.Shape}, weight_hh {RecurrentWeight.Shape}, bias_ih {InputBias.Shape}, "
                + $"bias_hh {RecurrentBias.Shape}.";
    }
}

/// <summary>State between the chunks of a sequence: h, and c where the unit has a cell, each [B, H].</summary>
/// <param name="Hidden">h.</param>
/// <param name="Cell">c; null for a unit without a cell.</param>
public sealed record RecurrentState<T>(Tensor<T> Hidden, Tensor<T>? Cell) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>h.</summary>
    public Tensor<T> Hidden
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Hidden));
    } = Hidden ?? throw new ArgumentNullException(nameof(Hidden));
}

/// <summary>
/// One recurrent layer over a sequence [T, B, input] to [T, B, H], with the states after the last step. One product
/// makes all steps' input contributions; one more makes the weight's gradient.
/// </summary>
sealed class RecurrentFunction<T>(Tensor<T> input, RowLookup<T>? lookup, RecurrentWeights<T> weights,
    IntTensor? lengths, bool reverse, RecurrentState<T>? initial, InputDropout dropout)
    : Function<T>([input, .. weights.All, initial?.Hidden, initial?.Cell]) where T : unmanaged, IFloatingPointIeee754<T>
{
    // [T, B, input]; of a look-up, input holds the distinct rows alone.
    readonly Shape sequence = lookup?.Shape ?? input.Shape;
    Tensor<T> hidden = null!, finalHidden = null!;
    Tensor<T>? finalCell;
    MatrixView<T> gates, saved;

    RecurrenceShape Sizes => new(weights.Unit, sequence[0], sequence[1], weights.HiddenSize, reverse);

    protected override Tensor<T>[] Forward()
    {
        Require(sequence.Rank == 3 && sequence[2] == weights.InputSize,
            $"input {sequence} must be [steps, batch, {weights.InputSize}].");
        Require(lookup is null || !IsRecording, $"rows {input.Shape} that are looked up are not differentiated.");
        var fault = weights.Fault();
        Require(fault is null, $"{fault}");
        int steps = sequence[0], batch = sequence[1], width = weights.HiddenSize;
        using var rentedGates = IsRecording ? default : Rent(input.Shape.Rows, weights.InputWeight.Shape.Rows);
        gates = IsRecording ? Save(sequence.Rows, weights.InputWeight.Shape.Rows).View : rentedGates.View;
        saved = IsRecording && weights.Traits.Saves ? Save(sequence.Rows, width).View : default;
        hidden = Tensor.Empty(Backend, new Shape(steps, batch, width));
        finalHidden = Tensor.Empty(Backend, new Shape(batch, width));
        if (weights.Traits.HasCell) finalCell = Tensor.Empty(Backend, new Shape(batch, width));
        using var bias = RecurrentInputs.Bias(weights, Backend);
        if (!dropout.IsNone) RefuseKeysWhileRecording();
        RecurrentInputs.Project(input.View, weights.InputWeight, 0, gates, accumulate: false, bias.View, dropout);
        using var recurrent = weights.RecurrentWeight.Read();
        Backend.Recurrence.Forward(new RecurrenceForward<T>
        {
            Shape = Sizes,
            Lengths = lengths?.View ?? default,
            Gates = gates,
            InputRows = lookup?.Indices.View ?? default,
            RecurrentWeight = recurrent.View,
            RecurrentBias = weights.CandidateBias?.AsRow() ?? default,
            InitialHidden = initial?.Hidden.View ?? default,
            InitialCell = initial?.Cell?.View ?? default,
            Hidden = hidden.View,
            Saved = saved,
            FinalHidden = finalHidden.View,
            FinalCell = finalCell?.View ?? default,
        });
        return finalCell is null ? [hidden, finalHidden] : [hidden, finalHidden, finalCell];
    }

    protected override void Backward()
    {
        var needsHidden = Needs(initial?.Hidden);
        var needsCell = Needs(initial?.Cell);
        using var hiddenGradient = needsHidden ? Rent(input.Shape[1], weights.HiddenSize) : default;
        using var cellGradient = needsCell ? Rent(input.Shape[1], weights.HiddenSize) : default;
        Backend.Recurrence.Backward(new RecurrenceBackward<T>
        {
            Shape = Sizes,
            Lengths = lengths?.View ?? default,
            Gates = gates,
            RecurrentWeight = weights.RecurrentWeight.View,
            InitialHidden = initial?.Hidden.View ?? default,
            InitialCell = initial?.Cell?.View ?? default,
            Hidden = hidden.View,
            Saved = saved,
            HiddenGradient = GradientOf(hidden),
            FinalHiddenGradient = finalHidden.Gradient,
            FinalCellGradient = finalCell?.Gradient ?? default,
            RecurrentWeightGradient = Needs(weights.RecurrentWeight)
                ? GradientToAddTo(weights.RecurrentWeight) : default,
            RecurrentBiasGradient = Needs(weights.CandidateBias)
                ? GradientToAddTo(weights.CandidateBias).AsRow() : default,
            InitialHiddenGradient = hiddenGradient.View,
            InitialCellGradient = cellGradient.View,
        });
        if (needsHidden) Pass(initial!.Hidden, hiddenGradient.View);
        if (needsCell) Pass(initial!.Cell!, cellGradient.View);
        if (Needs(input))
        {
            var target = GradientFor(input, out var accumulate);
            Backend.MultiplyDropped(gates, weights.InputWeight.View, target, accumulate, dropout);
        }
        if (Needs(weights.InputWeight))
        {
            var target = GradientFor(weights.InputWeight, out var accumulate);
            Backend.Gemm.Multiply(GemmKind.TN, gates, input.View, target, accumulate,
                dropout: dropout.On(ProductOperand.B, weights.InputSize));
        }
        foreach (var bias in weights.InputBiases)
            if (Needs(bias))
            {
                var target = GradientFor(bias, out var accumulate).AsRow();
                Backend.Reduction.SumRows(gates, target, accumulate);
            }
    }

    void Pass(Tensor<T> target, MatrixView<T> gradient)
    {
        var view = GradientFor(target, out var accumulate);
        Backend.Elementwise.Scale(T.One, gradient, view, accumulate);
    }
}

/// <summary>What a recurrence takes from its input, all steps at once.</summary>
static class RecurrentInputs
{
    /// <summary>
    /// gates [rows x G·H] (+)= read · Wᵀ + bias, W the weight's columns from <paramref name="start"/>
    /// on, as many as read has; in packed order where the weight is frozen and nothing dropped.
    /// </summary>
    public static void Project<T>(
        MatrixView<T> read, Tensor<T> weight, int start, MatrixView<T> gates, bool accumulate, MatrixView<T> bias,
        InputDropout dropout = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gemm = weight.Backend.Gemm;
        if (dropout.IsNone && weight is Parameter<T> frozen && gemm is IPackingGemm<T> packing
            && frozen.Packed(packing, start, read.Columns) is { } packed)
            packing.Multiply(read, packed, gates, accumulate, bias);
        else
            gemm.Multiply(GemmKind.NT, read, weight.View.SliceColumns(start, read.Columns), gates, accumulate, bias,
                dropout: dropout.On(ProductOperand.A, weight.Shape.Columns, start));
    }

    /// <summary>What the input's product adds [1 x G·H]: the sum of its biases.</summary>
    public static Scratch<T> Bias<T>(RecurrentWeights<T> weights, DeviceBackend<T> backend)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bias = new Scratch<T>(backend.Device, 1, (int)weights.InputBias.Shape.Count);
        if (weights.Traits.HasCandidate) backend.Elementwise.Copy(weights.InputBias.AsRow(), bias.View);
        else backend.Elementwise.Add(weights.InputBias.AsRow(), weights.RecurrentBias.AsRow(), bias.View);
        return bias;
    }
}

/// <summary>Recurrent layers over whole sequences.</summary>
public static class RecurrentOperations
{
    /// <summary>
    /// A layer over [T, B, input]: hidden [T, B, H] and the state after each sequence's last step. lengths [B] are real
    /// steps; beyond them the output is 0. Reversed, each sequence is read from its own last real step to its first.
    /// Elements of the input may be dropped.
    /// </summary>
    /// <param name="input">[T, B, input].</param>
    /// <param name="weights">Of the layer.</param>
    /// <param name="lengths">[B], 0 to T; none: all T.</param>
    /// <param name="reverse">Whether sequences are read from their ends.</param>
    /// <param name="initial">State before the first step that is read, each [B, H]; none: zeros.</param>
    /// <param name="dropout">Of the input's elements.</param>
    /// <exception cref="Devices.ShapeException">Weights, lengths or state do not fit the input.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static (Tensor<T> Hidden, RecurrentState<T> Final) Recurrent<T>(this Tensor<T> input,
        RecurrentWeights<T> weights, IntTensor? lengths = null, bool reverse = false,
        RecurrentState<T>? initial = null, InputDropout dropout = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weights);
        var outputs = new RecurrentFunction<T>(input, null, weights, lengths, reverse, initial, dropout).Apply();
        return (outputs[0], new(outputs[1], outputs.Length > 2 ? outputs[2] : null));
    }

    /// <summary>
    /// A layer over rows looked up, without a tape: the input's part of the gates is computed once a distinct row.
    /// </summary>
    /// <param name="input">[T, B, input].</param>
    /// <param name="weights">Of the layer.</param>
    /// <param name="lengths">[B], 0 to T; none: all T.</param>
    /// <param name="reverse">Whether sequences are read from their ends.</param>
    /// <returns>Hidden [T, B, H].</returns>
    /// <exception cref="Devices.ShapeException">Weights or lengths do not fit, or a tape records.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static Tensor<T> Recurrent<T>(this RowLookup<T> input, RecurrentWeights<T> weights,
        IntTensor? lengths = null, bool reverse = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weights);
        return new RecurrentFunction<T>(input.Rows, input, weights, lengths, reverse, null, default).Apply()[0];
    }
}
