using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>
/// A language model in one direction (LD-Net, section 3.1): embedding, recurrent stack, projection, adaptive softmax,
/// under the published names <c>word_embed</c>, <c>rnn</c>, <c>project</c>, <c>soft_max</c>. A backward model is the
/// same, trained on the reversed stream.
/// </summary>
public sealed class LanguageModel<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly LanguageModelOptions options;
    readonly Linear<T>? projection;

    /// <summary>
    /// A model whose weights are zero until <see cref="Initialize"/> or until they are read from a file.
    /// </summary>
    /// <param name="backend">Where it lives, and what computes there.</param>
    /// <param name="options">Its shape; of the training settings, the dropouts.</param>
    /// <param name="words">V: vocabulary size, special symbols counted.</param>
    /// <exception cref="OptionsException">An option is out of its range, or two contradict each other.</exception>
    public LanguageModel(DeviceBackend<T> backend, LanguageModelOptions options, int words) : base(backend)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = SettingsSchema<LanguageModelOptions>.Require(options);
        WordEmbedding = Register("word_embed", new Embedding<T>(backend, words, options.EmbeddingSize));
        Stack = Register("rnn", new RecurrentStack<T>(backend, options.StackShape()));
        var width = Stack.Shape.Output;
        if (options.ProjectionSize > 0)
        {
            projection = Register("project", new Linear<T>(backend, width, options.ProjectionSize));
            width = options.ProjectionSize;
        }
        Softmax = Register("soft_max",
            new AdaptiveSoftmax<T>(backend, width, options.Cutoffs, ShapeException.RequireSize(
                "language model", "rows of the softmax", words + (options.SpareSoftmaxRow ? 1L : 0)),
                options.TailExponentStart));
    }

    /// <summary>Vectors of the words, [V, embedding size].</summary>
    public Embedding<T> WordEmbedding { get; }

    /// <summary>The recurrent layers.</summary>
    public RecurrentStack<T> Stack { get; }

    /// <summary>The distribution over the next word.</summary>
    public AdaptiveSoftmax<T> Softmax { get; }

    /// <summary>Draws the weights as the published code does.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        WordEmbedding.Initialize(random);
        Stack.Initialize(random);
        projection?.Initialize(random);
        Softmax.Initialize(random);
    }

    /// <summary>
    /// Losses [T·B, 1] in nats of the targets [T·B] given ids [T·B] (both time-major), and the state for the next
    /// chunk.
    /// </summary>
    /// <param name="ids">[T·B]; -1 reads as zeros.</param>
    /// <param name="targets">[T·B]: the next word of each.</param>
    /// <param name="steps">T.</param>
    /// <param name="batch">B streams.</param>
    /// <param name="initial">The state that the chunk before ended with; none: zeros.</param>
    /// <param name="context">Training, with its dropouts, or inference.</param>
    public (Tensor<T> Losses, RecurrentState<T>[] Final) Losses(IntTensor ids, IntTensor targets, int steps, int batch,
        IReadOnlyList<RecurrentState<T>>? initial, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(context);
        var (features, final) = Features(ids, steps, batch, initial, context);
        return (Softmax.Losses(features, targets), final);
    }

    /// <summary>Log-probabilities of every next word, [T·B, V], and of the spare row where there is one.</summary>
    /// <param name="ids">[T·B], time-major.</param>
    /// <param name="steps">T.</param>
    /// <param name="batch">B streams.</param>
    /// <param name="initial">The state before the first step; none: zeros.</param>
    public Tensor<T> LogProb(IntTensor ids, int steps, int batch, IReadOnlyList<RecurrentState<T>>? initial = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Softmax.LogProb(Features(ids, steps, batch, initial, ForwardContext.Inference).Features);
    }

    /// <summary>
    /// The same of one stream, [T, V], and the state behind the last step, from which the next words go on.
    /// </summary>
    internal (Tensor<T> LogProb, RecurrentState<T>[] Final) Next(IntTensor ids, int steps,
        IReadOnlyList<RecurrentState<T>>? initial)
    {
        var (features, final) = Features(ids, steps, 1, initial, ForwardContext.Inference);
        return (Softmax.LogProb(features), final);
    }

    (Tensor<T> Features, RecurrentState<T>[] Final) Features(IntTensor ids, int steps, int batch,
        IReadOnlyList<RecurrentState<T>>? initial, ForwardContext context)
    {
        var dropout = context.IsTraining ? (float)options.Dropout : 0;
        var embedded = WordEmbedding.Forward(ids, steps, batch);
        if (dropout > 0) embedded = embedded.Dropout(dropout, context.NextKey());
        var pass = new StackPass<T> { Initial = initial, LayerDropout = options.LayerDropout,
            InputDropout = options.Dropout };
        var (layers, final) = Stack.Forward(embedded, pass, context);
        var hidden = layers.Whole;
        if (projection is null) return (hidden.Reshape(steps * batch, hidden.Shape.Columns), final);
        var projected = projection.Forward(hidden, options.ProjectionRelu ? Activation.Relu : Activation.None);
        if (dropout > 0) projected = projected.Dropout(dropout, context.NextKey());
        return (projected.Reshape(steps * batch, projected.Shape.Columns), final);
    }
}
