using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>How a densely connected stack runs this time.</summary>
public sealed record DenseRecurrentOptions<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>[B] real steps of each sequence; none: all full.</summary>
    public IntTensor? Lengths { get; init; }

    /// <summary>Reads each sequence from its last real step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// State before the first step, one a layer; none: zeros. Not differentiated: BPTT is truncated here.
    /// </summary>
    public IReadOnlyList<RecurrentState<T>>? Initial
    {
        get;
        init
        {
            if (value is not null) NullElements.Refuse(value, nameof(Initial));
            field = value;
        }
    }

    /// <summary>Whether to hand out the state after the last step.</summary>
    public bool WantsFinal { get; init; }

    /// <summary>
    /// Layer-wise dropout: whether later layers read zeros in place of this layer's output. The stack's own output
    /// keeps it.
    /// </summary>
    public bool[]? Dropped { get; init; }

    /// <summary>Element dropout on each layer's whole input, a key a layer.</summary>
    public float InputDropout { get; init; }

    /// <summary>One a layer when <see cref="InputDropout"/> is above 0.</summary>
    public RandomKey[]? InputKeys { get; init; }

    /// <summary>
    /// Layer selection: z [L]; layer l's output is multiplied by z_l, its own recurrence reads it unscaled.
    /// </summary>
    public Tensor<T>? LayerScale { get; init; }
}

/// <summary>
/// Densely connected recurrent layers (LD-Net, equation 2): layer l reads [x, h_1, ..., h_{l-1}], the output is [x,
/// h_1, ..., h_L]. All of it is one [T, B, E + L·H] buffer that layers read as leading columns and write as their own,
/// so concatenation costs nothing, forward and backward. Slices of dropped layers are left out of the products. [T, B,
/// E] to [T, B, E + L·H].
/// </summary>
sealed class DenseRecurrentFunction<T>(Tensor<T> input, RowLookup<T>? lookup, RecurrentWeights<T>[] layers,
    DenseRecurrentOptions<T> options)
    : Function<T>([input, .. layers.SelectMany(layer => layer.All), options.LayerScale])
    where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly LayerPass[] passes = new LayerPass[layers.Length];
    readonly RecurrentState<T>[] final = new RecurrentState<T>[layers.Length];
    Tensor<T> output = null!;

    /// <summary>
    /// What a layer keeps for its backward pass: activated gates, the unit's saved values, and its unscaled output
    /// where z scales it.
    /// </summary>
    readonly record struct LayerPass(MatrixView<T> Gates, MatrixView<T> Saved, MatrixView<T> Hidden);

    public RecurrentState<T>[] Final => final;

    // [T, B, E]; of a look-up, input holds the distinct rows alone.
    readonly Shape sequence = lookup?.Shape ?? input.Shape;

    int Embedding => sequence.Columns;

    protected override Tensor<T>[] Forward()
    {
        Require(sequence.Rank == 3, $"input {sequence} must be [steps, batch, width].");
        Require(lookup is null || !Needs(input) && options.InputDropout == 0,
            $"rows {input.Shape} that are looked up take neither a gradient nor dropout.");
        Check();
        var rows = sequence.Rows;
        var width = ShapeException.RequireSize("dense recurrent", "the columns of all layers",
            Embedding + layers.Sum(layer => (long)layer.HiddenSize));
        output = Tensor.Empty(Backend, sequence.WithColumns(width));
        if (lookup is null) Backend.Elementwise.Copy(input.View, output.View.SliceColumns(0, Embedding));
        else Backend.Rows.Gather(input.View, lookup.Indices.View, output.View.SliceColumns(0, Embedding));
        var largest = layers.Length == 0 ? 0 : layers.Max(layer => layer.InputWeight.Shape.Rows);
        using var sharedGates = IsRecording
            ? default : Rent(layers.Length == 1 && lookup is not null ? input.Shape.Rows : rows, largest);
        for (var l = 0; l < layers.Length; l++)
        {
            var layer = layers[l];
            var gates = IsRecording ? Save(rows, layer.InputWeight.Shape.Rows).View
                : sharedGates.View.SliceColumns(0, layer.InputWeight.Shape.Rows);
            if (ReadsRows(l)) gates = gates.SliceRows(0, input.Shape.Rows);
            var saved = IsRecording && layer.Traits.Saves ? Save(rows, layer.HiddenSize).View : default;
            var own = output.View.SliceColumns(Start(l), layer.HiddenSize);
            var hidden = options.LayerScale is not null && IsRecording ? Save(rows, layer.HiddenSize).View : own;
            InputProducts(l, gates);
            passes[l] = new(gates, saved, hidden);
            Recur(l);
            if (options.LayerScale is { } scale)
                Backend.Elementwise.Scale(scale.AsRow().SliceColumns(l, 1), hidden, own);
        }
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        var scaleGradient = Needs(options.LayerScale) ? GradientToAddTo(options.LayerScale).AsRow() : default;
        for (var l = layers.Length - 1; l >= 0; l--)
        {
            var layer = layers[l];
            var pass = passes[l];
            var own = gradient.SliceColumns(Start(l), layer.HiddenSize);
            if (options.LayerScale is { } scale)
            {
                if (!scaleGradient.IsNone)
                    Backend.Reduction.Dot(own, pass.Hidden, scaleGradient.SliceColumns(l, 1), accumulate: true);
                Backend.Elementwise.Scale(scale.AsRow().SliceColumns(l, 1), own, own);
            }
            if (!NeedsBelow(l) && !layer.All.Any(Needs)) continue;
            Backend.Recurrence.Backward(new RecurrenceBackward<T>
            {
                Shape = Sizes(layer),
                Lengths = options.Lengths?.View ?? default,
                Gates = pass.Gates,
                RecurrentWeight = layer.RecurrentWeight.View,
                InitialHidden = options.Initial?[l].Hidden.View ?? default,
                InitialCell = options.Initial?[l].Cell?.View ?? default,
                Hidden = pass.Hidden,
                Saved = pass.Saved,
                HiddenGradient = own,
                RecurrentWeightGradient = Needs(layer.RecurrentWeight)
                    ? GradientToAddTo(layer.RecurrentWeight) : default,
                RecurrentBiasGradient = Needs(layer.CandidateBias)
                    ? GradientToAddTo(layer.CandidateBias).AsRow() : default,
            });
            InputWeightGradient(l, pass.Gates);
            foreach (var bias in layer.InputBiases)
                if (Needs(bias))
                {
                    var target = GradientFor(bias, out var accumulate).AsRow();
                    Backend.Reduction.SumRows(pass.Gates, target, accumulate);
                }
            InputGradient(l, pass.Gates, gradient);
        }
        if (Needs(input))
        {
            var target = GradientFor(input, out var accumulate);
            Backend.Elementwise.Scale(T.One, gradient.SliceColumns(0, Embedding), target, accumulate);
        }
    }

    int Start(int layer)
    {
        var start = Embedding;
        for (var l = 0; l < layer; l++) start += layers[l].HiddenSize;
        return start;
    }

    RecurrenceShape Sizes(RecurrentWeights<T> layer) =>
        new(layer.Unit, sequence[0], sequence[1], layer.HiddenSize, options.Reverse);

    // The lowest layer reads the looked-up rows alone, and its gates are not kept: they need not be spread over the
    // steps.
    bool ReadsRows(int layer) => layer == 0 && lookup is not null && !IsRecording;

    bool IsDropped(int layer) => options.Dropped?[layer] ?? false;

    // Whether anything that layer l reads wants a gradient: the input, or a weight or scale of an earlier layer it
    // reads.
    bool NeedsBelow(int layer)
    {
        if (Needs(input) || layer > 0 && Needs(options.LayerScale)) return true;
        for (var l = 0; l < layer; l++)
            if (layers[l].All.Any(Needs)) return true;
        return false;
    }

    /// <summary>
    /// Runs of columns that a layer really reads: the embedding and the slices of layers that were not dropped.
    /// </summary>
    List<(int Start, int Count)> ColumnsRead(int layer, bool withEmbedding = true)
    {
        var runs = new List<(int Start, int Count)>();
        if (withEmbedding && Embedding > 0) runs.Add((0, Embedding));
        for (var l = 0; l < layer; l++)
        {
            if (IsDropped(l)) continue;
            var start = Start(l);
            if (runs.Count > 0 && runs[^1].Start + runs[^1].Count == start)
                runs[^1] = (runs[^1].Start, runs[^1].Count + layers[l].HiddenSize);
            else runs.Add((start, layers[l].HiddenSize));
        }
        return runs;
    }

    void InputProducts(int l, MatrixView<T> gates)
    {
        using var bias = RecurrentInputs.Bias(layers[l], Backend);
        if (ReadsRows(l))
        {
            RecurrentInputs.Project(input.View, layers[l].InputWeight, 0, gates, accumulate: false, bias.View);
            return;
        }
        var dropout = DropoutOf(l);
        if (lookup is not null) lookup.Project(layers[l].InputWeight, bias.View, gates);
        var accumulate = lookup is not null;
        foreach (var (start, count) in ColumnsRead(l, withEmbedding: lookup is null))
        {
            RecurrentInputs.Project(output.View.SliceColumns(start, count), layers[l].InputWeight, start, gates,
                accumulate, accumulate ? default : bias.View, dropout);
            accumulate = true;
        }
    }

    void InputWeightGradient(int l, MatrixView<T> gatesGradient)
    {
        var weight = layers[l].InputWeight;
        if (!Needs(weight)) return;
        var target = GradientFor(weight, out var accumulate);
        var dropout = DropoutOf(l);
        foreach (var (start, count) in ColumnsRead(l))
            Backend.Gemm.Multiply(GemmKind.TN, gatesGradient, output.View.SliceColumns(start, count),
                target.SliceColumns(start, count), accumulate,
                dropout: dropout.On(ProductOperand.B, layers[l].InputSize, start));
        if (accumulate) return;
        for (var below = 0; below < l; below++)
            if (IsDropped(below))
                Backend.Elementwise.Fill(target.SliceColumns(Start(below), layers[below].HiddenSize), T.Zero);
    }

    void InputGradient(int l, MatrixView<T> gatesGradient, MatrixView<T> gradient)
    {
        if (!NeedsBelow(l)) return;
        var weight = layers[l].InputWeight.View;
        var runs = ColumnsRead(l, withEmbedding: Needs(input));
        if (options.InputDropout == 0)
        {
            foreach (var (start, count) in runs)
                Backend.Gemm.Multiply(GemmKind.NN, gatesGradient, weight.SliceColumns(start, count),
                    gradient.SliceColumns(start, count), accumulate: true);
            return;
        }
        using var masked = Rent(gradient.Rows, weight.Columns);
        Backend.Elementwise.Fill(masked.View, T.Zero);
        foreach (var (start, count) in runs)
            Backend.Gemm.Multiply(GemmKind.NN, gatesGradient, weight.SliceColumns(start, count),
                masked.View.SliceColumns(start, count));
        Backend.Dropout.Apply(masked.View, gradient.SliceColumns(0, weight.Columns), options.InputKeys![l],
            options.InputDropout, accumulate: true);
    }

    InputDropout DropoutOf(int l)
    {
        if (options.InputDropout == 0) return default;
        RefuseKeysWhileRecording();
        return new(options.InputDropout, options.InputKeys![l]);
    }

    void Recur(int l)
    {
        var layer = layers[l];
        if (options.WantsFinal)
            final[l] = new(Tensor.Empty(Backend, new Shape(sequence[1], layer.HiddenSize)),
                layer.Traits.HasCell ? Tensor.Empty(Backend, new Shape(sequence[1], layer.HiddenSize)) : null);
        using var recurrent = layer.RecurrentWeight.Read();
        Backend.Recurrence.Forward(new RecurrenceForward<T>
        {
            Shape = Sizes(layer),
            Lengths = options.Lengths?.View ?? default,
            Gates = passes[l].Gates,
            InputRows = ReadsRows(l) ? lookup!.Indices.View : default,
            RecurrentWeight = recurrent.View,
            RecurrentBias = layer.CandidateBias?.AsRow() ?? default,
            InitialHidden = options.Initial?[l].Hidden.View ?? default,
            InitialCell = options.Initial?[l].Cell?.View ?? default,
            Hidden = passes[l].Hidden,
            Saved = passes[l].Saved,
            FinalHidden = options.WantsFinal ? final[l].Hidden.View : default,
            FinalCell = options.WantsFinal && final[l].Cell is { } cell ? cell.View : default,
        });
    }

    void Check()
    {
        for (var l = 0; l < layers.Length; l++)
        {
            var fault = layers[l].Fault();
            Require(fault is null, $"layer {l}: {fault}");
            Require(layers[l].InputSize == Start(l),
                $"layer {l} reads {layers[l].InputSize} columns (weight_ih {layers[l].InputWeight.Shape}), "
                + $"but {Start(l)} lie before it.");
        }
        Require(options.LayerScale is null || options.LayerScale.Shape.Count == layers.Length,
            $"scales {options.LayerScale?.Shape} for {layers.Length} layers.");
        Require(options.Dropped is null || options.Dropped.Length == layers.Length,
            $"{options.Dropped?.Length} drop flags for {layers.Length} layers.");
        Require(options.Initial is null || options.Initial.Count == layers.Length,
            $"{options.Initial?.Count} initial states for {layers.Length} layers.");
        Require(options.InputDropout == 0 || options.InputKeys?.Length == layers.Length,
            $"element dropout needs a key for each of {layers.Length} layers.");
    }
}

/// <summary>
/// Densely connected recurrent layers (LD-Net, equation 2), in which each layer reads the input and all layers before
/// it.
/// </summary>
public static class DenseRecurrentOperations
{
    /// <summary>[T, B, E] to [x, h_1, ..., h_L] of [T, B, E + L·H], and the final states where wanted.</summary>
    /// <param name="input">x [T, B, E].</param>
    /// <param name="layers">Layer l reads E + (l - 1)·H columns, l from 1.</param>
    /// <param name="options">Lengths, direction, dropout, layer selection.</param>
    /// <exception cref="ShapeException">Layers, options and input do not fit each other.</exception>
    public static (Tensor<T> Output, RecurrentState<T>[] Final) DenseRecurrent<T>(
        this Tensor<T> input, RecurrentWeights<T>[] layers, DenseRecurrentOptions<T> options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        NullElements.Refuse(layers);
        ArgumentNullException.ThrowIfNull(options);
        if (layers.Length == 0) return (input, []);
        var function = new DenseRecurrentFunction<T>(input, null, layers, options);
        return (function.Apply()[0], function.Final);
    }

    /// <summary>
    /// As the other, of rows looked up: what each layer makes of the input alone is computed once a distinct row.
    /// </summary>
    /// <param name="input">x [T, B, E], which takes no gradient.</param>
    /// <param name="layers">Layer l reads E + (l - 1)·H columns, l from 1.</param>
    /// <param name="options">Lengths, direction, layer selection; no element dropout.</param>
    /// <exception cref="ShapeException">Layers, options and input do not fit each other.</exception>
    public static (Tensor<T> Output, RecurrentState<T>[] Final) DenseRecurrent<T>(
        this RowLookup<T> input, RecurrentWeights<T>[] layers, DenseRecurrentOptions<T> options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        NullElements.Refuse(layers);
        ArgumentNullException.ThrowIfNull(options);
        var function = new DenseRecurrentFunction<T>(input.Rows, input, layers, options);
        return (function.Apply()[0], function.Final);
    }
}
