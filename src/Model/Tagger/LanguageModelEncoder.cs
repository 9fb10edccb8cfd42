using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>What a tagger takes of one language model.</summary>
/// <param name="Words">Rows of its embedding.</param>
/// <param name="Stack">Its recurrent layers.</param>
/// <param name="Scaled">Whether layer scales z exist: while selecting layers, and after.</param>
public sealed record EncoderShape(int Words, RecurrentStackShape Stack, bool Scaled = false)
{
    /// <summary>Its recurrent layers.</summary>
    public RecurrentStackShape Stack
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Stack));
    } = Stack ?? throw new ArgumentNullException(nameof(Stack));
}

/// <summary>
/// A frozen language model as the tagger reads it: embedding and stack, no softmax. <c>word_embed</c>, <c>rnn</c>, and
/// for the ELMo mix <c>rnn.weight_list</c> (scores) and <c>rnn.gamma</c>.
/// </summary>
public sealed class LanguageModelEncoder<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Parameter<T>? mixScores, mixScale;

    /// <summary>A frozen model, of zeros until it is read from a file.</summary>
    /// <param name="backend">Where it lives.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="reverse">The backward model: reads each sentence from its end token to its first word.</param>
    /// <param name="mixing">How the tagger reads its layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mix.</exception>
    /// <exception cref="Devices.UserException">
    /// The ELMo mix of layers that are selected, of none, or of different sizes.
    /// </exception>
    public LanguageModelEncoder(DeviceBackend<T> backend, EncoderShape shape, bool reverse, LanguageModelMixing mixing)
        : base(backend)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!Enum.IsDefined(mixing))
            throw new ArgumentOutOfRangeException(nameof(mixing), mixing, "Layers are not mixed so.");
        Shape = shape;
        Reverse = reverse;
        WordEmbedding = Register("word_embed", new Embedding<T>(backend, shape.Words, shape.Stack.Embedding));
        Stack = Register("rnn", new RecurrentStack<T>(backend, shape.Stack, shape.Scaled));
        WordEmbedding.Freeze();
        foreach (var layer in Stack.Layers) layer.Freeze();
        if (mixing == LanguageModelMixing.Concat) return;
        if (shape.Scaled)
            throw new Devices.UserException(
                "lm_mixing=elmo weighs layers by its own scores; layers can be selected with lm_mixing=concat only.");
        if (shape.Stack.Hidden.Distinct().Count() != 1)
            throw new Devices.UserException("lm_mixing=elmo needs a language model with layers, all of one size.");
        mixScores = Register("rnn.weight_list", new Shape(shape.Stack.Layers));
        mixScale = Register("rnn.gamma", new Shape(1));
        Initialization.Fill(mixScale, 1);
    }

    /// <summary>Sizes of embedding and layers.</summary>
    public EncoderShape Shape { get; }

    /// <summary>Whether it is the backward model.</summary>
    public bool Reverse { get; }

    /// <summary>Vectors of the language model's own vocabulary.</summary>
    public Embedding<T> WordEmbedding { get; }

    /// <summary>The recurrent layers.</summary>
    public RecurrentStack<T> Stack { get; }

    /// <summary>z [L]; null before layer selection.</summary>
    public Parameter<T>? Scale => Stack.Scale;

    /// <summary>
    /// Rows (steps times sentences) of the widest buffer at a time in <see cref="Project"/>: a sentence of any length
    /// takes bounded memory.
    /// </summary>
    internal int RowsPerChunk { get; set; } = 4096;

    /// <summary>Columns of the representation.</summary>
    public int Width => mixScores is null ? Shape.Stack.Output : Shape.Stack.Hidden[0];

    /// <summary>Bytes that the model's weights take in memory.</summary>
    public long Bytes => Parameters().Sum(entry => entry.Parameter.Bytes);

    /// <summary>
    /// Rounds the word vectors and the layers' matrices to bfloat16, in half the memory. Biases stay as they are.
    /// </summary>
    /// <exception cref="Devices.UnsupportedOnDeviceException">They are not of floats, or not on the CPU.</exception>
    public void KeepInBfloat16()
    {
        WordEmbedding.Weight.KeepInBfloat16();
        foreach (var (_, parameter) in Stack.Layers.SelectMany(layer => layer.Parameters()))
            if (parameter.Shape.Rank == 2) parameter.KeepInBfloat16();
    }

    /// <summary>
    /// Whether gradient steps leave the representation as it is, so that training may compute it once a sentence;
    /// a selector that masks a layer changes it still.
    /// </summary>
    public bool IsConstant => !Parameters().Any(entry => entry.Parameter.RequiresGradient);

    /// <summary>
    /// Representation of every position, [<see cref="TaggerBatch.Positions"/>, B, <see cref="Width"/>]; the backward
    /// model's input has the end token one step behind each last word.
    /// </summary>
    /// <param name="batch">With the language models' ids.</param>
    public Tensor<T> Forward(TaggerBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (ids, steps, lengths) = Input(batch);
        var words = WordEmbedding.Lookup(ids, steps, batch.Batch);
        var pass = new StackPass<T> { Lengths = new IntTensor(Backend.Device, lengths), Reverse = Reverse };
        return Mixed(Stack.Forward(words, pass).Layers).Slice(0, batch.Positions);
    }

    /// <summary>
    /// output [positions·B x n] (+)= representation · weightᵀ, weight [n x <see cref="Width"/>], without a tape, chunk
    /// by chunk: the wide representation never exists whole.
    /// </summary>
    /// <param name="batch">With the language models' ids.</param>
    /// <param name="weight">This model's columns of W_cr.</param>
    /// <param name="output">[positions·B x n].</param>
    /// <param name="accumulate">Whether the products are added to the output.</param>
    public void Project(TaggerBatch batch, MatrixView<T> weight, MatrixView<T> output, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (ids, steps, lengths) = Input(batch);
        var chunk = Math.Max(1, RowsPerChunk / Math.Max(1, batch.Batch));
        var chunks = (steps + chunk - 1) / chunk;
        IReadOnlyList<RecurrentState<T>>? state = null;
        using var pause = Tape<T>.NoGradient();
        using var states = new TensorScope();
        for (var c = 0; c < chunks; c++)
        {
            var start = (Reverse ? chunks - 1 - c : c) * chunk;
            var count = Math.Min(chunk, steps - start);
            using var scope = new TensorScope();
            var words = WordEmbedding.Lookup(ids.AsSpan(start * batch.Batch, count * batch.Batch), count, batch.Batch);
            var (layers, final) = Stack.Forward(words, new StackPass<T>
            {
                Lengths = new IntTensor(Backend.Device,
                    Array.ConvertAll(lengths, length => Math.Clamp(length - start, 0, count))),
                Reverse = Reverse,
                Initial = state,
            });
            var rows = (Math.Min(start + count, batch.Positions) - start) * batch.Batch;
            if (rows > 0)
                Backend.Gemm.Multiply(GemmKind.NT, Mixed(layers).View.SliceRows(0, rows), weight,
                    output.SliceRows(start * batch.Batch, rows), accumulate);
            if (c + 1 < chunks)
                state = [.. final.Select(layer =>
                    new RecurrentState<T>(scope.Keep(layer.Hidden),
                        layer.Cell is null ? null : scope.Keep(layer.Cell)))];
        }
    }

    // ELMo mixes the layers; LD-Net takes them side by side as they are.
    Tensor<T> Mixed(StackOutput<T> layers) => mixScores is null
        ? layers.Whole : layers.Each.MixLayers(mixScores, mixScale!);

    (int[] Ids, int Steps, int[] Lengths) Input(TaggerBatch batch) => Reverse
        ? (batch.BackwardIds, batch.Steps + 1, Array.ConvertAll(batch.Lengths, length => length + 1))
        : (batch.ForwardIds, batch.Positions, batch.PositionLengths);
}
