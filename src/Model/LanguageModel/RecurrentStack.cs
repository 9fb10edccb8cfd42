using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model;

/// <summary>Sizes of a stack of recurrent layers.</summary>
/// <param name="Unit">What each layer is made of.</param>
/// <param name="Embedding">Width of the stack's input.</param>
/// <param name="Hidden">Hidden size of each layer, bottom up; after pruning, of those that are left.</param>
/// <param name="IsDense">Each layer reads everything below it (LD-Net), or only the layer below (the vanilla
/// baselines).</param>
public sealed record RecurrentStackShape(RecurrentUnit Unit, int Embedding, IReadOnlyList<int> Hidden,
    bool IsDense = true)
{
    /// <summary>Hidden size of each layer, bottom up; after pruning, of those that are left.</summary>
    public IReadOnlyList<int> Hidden
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Hidden));
    } = Hidden ?? throw new ArgumentNullException(nameof(Hidden));

    /// <summary>Number of layers.</summary>
    public int Layers => Hidden.Count;

    /// <summary>Columns that layer l reads.</summary>
    /// <param name="layer">From 0.</param>
    /// <exception cref="ShapeException">They are more than an int counts.</exception>
    public int InputOf(int layer) => IsDense ? Below(layer) : layer == 0 ? Embedding : Hidden[layer - 1];

    /// <summary>Columns of the stack's output: everything when dense, else the top layer.</summary>
    /// <exception cref="ShapeException">They are more than an int counts.</exception>
    public int Output => IsDense || Layers == 0 ? Below(Layers) : Hidden[^1];

    // The embedding and the layers below one, side by side.
    int Below(int layer) => ShapeException.RequireSize("recurrent stack", $"the columns below layer {layer}",
        Embedding + Hidden.Take(layer).Sum(hidden => (long)hidden));
}

/// <summary>How a stack runs this time.</summary>
public sealed record StackPass<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>[B] real steps; none: all full.</summary>
    public IntTensor? Lengths { get; init; }

    /// <summary>From each sequence's last real step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>State before the first step; none: zeros.</summary>
    public IReadOnlyList<RecurrentState<T>>? Initial { get; init; }

    /// <summary>
    /// Layer-wise dropout: probability that later layers read zeros in place of a layer, drawn for each layer once a
    /// pass.
    /// </summary>
    public double LayerDropout { get; init; }

    /// <summary>Element dropout on each layer's whole input.</summary>
    public double InputDropout { get; init; }
}

/// <summary>What a stack computes.</summary>
/// <param name="Whole">[T, B, <see cref="RecurrentStackShape.Output"/>]: what the next part of the model reads.</param>
/// <param name="Each">Each layer's own output [T, B, H_l], as views where dense.</param>
public sealed record StackOutput<T>(Tensor<T> Whole, Tensor<T>[] Each) where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>
/// Recurrent layers, densely connected or stacked: <c>layer.{i}.layer.weight_ih_l0</c> and so on; with layer selection
/// also their scales z, <c>weight_list</c> [L].
/// </summary>
public sealed class RecurrentStack<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly RecurrentLayer<T>[] layers;

    /// <summary>
    /// Layers whose weights are zero until <see cref="Initialize"/> or until they are read from a file.
    /// </summary>
    /// <param name="backend">Where they live, and what computes there.</param>
    /// <param name="shape">Their sizes.</param>
    /// <param name="scaled">Whether layers are multiplied by z, initially 1.</param>
    public RecurrentStack(DeviceBackend<T> backend, RecurrentStackShape shape, bool scaled = false) : base(backend)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        layers = new RecurrentLayer<T>[shape.Layers];
        for (var l = 0; l < layers.Length; l++)
            layers[l] = Register($"layer.{l}.layer",
                new RecurrentLayer<T>(backend, shape.Unit, shape.InputOf(l), shape.Hidden[l]));
        if (!scaled || shape.Layers == 0) return;
        Scale = Register("weight_list", new Shape(shape.Layers));
        Initialization.Fill(Scale, 1);
    }

    /// <summary>The layers' sizes.</summary>
    public RecurrentStackShape Shape { get; }

    /// <summary>z [L], where layers are being or have been selected.</summary>
    public Parameter<T>? Scale { get; }

    /// <summary>The layers, bottom up.</summary>
    public IReadOnlyList<RecurrentLayer<T>> Layers => layers;

    /// <summary>Draws every layer's weights.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var layer in layers) layer.Initialize(random);
    }

    /// <summary>[T, B, E] to every layer's output, and the states after the last step.</summary>
    /// <param name="input">[T, B, E].</param>
    /// <param name="pass">Lengths, direction, state, dropouts.</param>
    /// <param name="context">Training, which draws the dropouts, or inference.</param>
    public (StackOutput<T> Layers, RecurrentState<T>[] Final) Forward(Tensor<T> input, StackPass<T> pass,
        ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(context);
        if (layers.Length == 0) return (new(input, []), []);
        var dropout = context.IsTraining ? (float)pass.InputDropout : 0;
        var dropped = context.IsTraining && pass.LayerDropout > 0 ? DrawDropped(pass.LayerDropout, context) : null;
        var keys = dropout > 0 ? Array.ConvertAll(layers, _ => context.NextKey()) : null;
        return Shape.IsDense ? Dense(input.DenseRecurrent(Weights, Options(pass, dropped, dropout, keys)))
            : ForwardStacked(input, pass, dropout, keys);
    }

    /// <summary>
    /// As the other without dropout, of rows looked up: what layers make of the input alone is computed once a distinct
    /// row.
    /// </summary>
    /// <param name="input">[T, B, E]; takes no gradient.</param>
    /// <param name="pass">Lengths, direction, state.</param>
    public (StackOutput<T> Layers, RecurrentState<T>[] Final) Forward(RowLookup<T> input, StackPass<T> pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pass);
        if (layers.Length > 0 && Shape.IsDense)
            return Dense(input.DenseRecurrent(Weights, Options(pass, null, 0, null)));
        return Forward(input.Spread(), pass, ForwardContext.Inference);
    }

    RecurrentWeights<T>[] Weights => Array.ConvertAll(layers, layer => layer.Weights);

    DenseRecurrentOptions<T> Options(StackPass<T> pass, bool[]? dropped, float dropout, RandomKey[]? keys) => new()
    {
        Lengths = pass.Lengths,
        Reverse = pass.Reverse,
        Initial = pass.Initial,
        WantsFinal = true,
        Dropped = dropped,
        InputDropout = dropout,
        InputKeys = keys,
        LayerScale = Scale,
    };

    (StackOutput<T>, RecurrentState<T>[]) Dense((Tensor<T> Output, RecurrentState<T>[] Final) run)
    {
        var start = Shape.Embedding;
        return (new(run.Output,
            [.. Shape.Hidden.Select(hidden => run.Output.Columns((start += hidden) - hidden, hidden))]), run.Final);
    }

    (StackOutput<T>, RecurrentState<T>[]) ForwardStacked(Tensor<T> input, StackPass<T> pass, float dropout,
        RandomKey[]? keys)
    {
        var outputs = new Tensor<T>[layers.Length];
        var final = new RecurrentState<T>[layers.Length];
        for (var l = 0; l < layers.Length; l++)
        {
            var read = l == 0 ? input : outputs[l - 1];
            (outputs[l], final[l]) = read.Recurrent(layers[l].Weights, pass.Lengths, pass.Reverse, pass.Initial?[l],
                dropout > 0 ? new(dropout, keys![l]) : default);
        }
        return (new(outputs[^1], outputs), final);
    }

    bool[] DrawDropped(double probability, ForwardContext context)
    {
        var key = context.NextKey();
        return [.. Enumerable.Range(0, layers.Length).Select(l => key.Uniform(l) < probability)];
    }
}
