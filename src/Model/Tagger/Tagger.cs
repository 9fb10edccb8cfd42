using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>Vocabulary sizes and language models of a tagger.</summary>
/// <param name="Characters">Rows of the character embedding.</param>
/// <param name="Words">Rows of the word embedding.</param>
/// <param name="Tags">K names, the last two start and end.</param>
/// <param name="Forward">The forward language model; null for NoLM.</param>
/// <param name="Backward">The backward one; null for NoLM.</param>
public sealed record TaggerShape(int Characters, int Words, IReadOnlyList<string> Tags, EncoderShape? Forward = null,
    EncoderShape? Backward = null)
{
    /// <summary>K names, the last two start and end.</summary>
    /// <exception cref="ArgumentException">There are fewer than three, or one is empty.</exception>
    public IReadOnlyList<string> Tags { get; init => field = Named(value); } = Named(Tags);

    static IReadOnlyList<string> Named(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags, nameof(Tags));
        if (tags.Count < 3)
            throw new ArgumentException($"{tags.Count} tags: a tagger needs one at least, and start and end behind it.",
                nameof(Tags));
        for (var i = 0; i < tags.Count; i++) ArgumentException.ThrowIfNullOrEmpty(tags[i], $"{nameof(Tags)}[{i}]");
        return tags;
    }
}

/// <summary>One tag sequence of a sentence.</summary>
/// <param name="Tags">n ids.</param>
/// <param name="LogProbability">Given the sentence, over all sequences; null where only the best one was asked
/// for.</param>
/// <param name="Confidence">Each tag's probability given the sentence: the marginals of all that are the same in IOB2,
/// as S-X and B-X are; null where not asked for.</param>
public sealed record TaggerReading(int[] Tags, double? LogProbability = null, double[]? Confidence = null);

/// <summary>
/// The sequence labeller (LD-Net, section 3.2): characters, frozen language models (or none), words, BiLSTM, CRF. Names
/// are the published code's: <c>char_embed</c>, <c>char_fw</c>, <c>char_bw</c>, <c>char_seq</c>, <c>f_lm</c>,
/// <c>b_lm</c>, <c>lm_seq</c>, <c>word_embed</c>, <c>word_rnn</c>, <c>crf.hidden2tag</c>, <c>crf.transitions</c>.
/// </summary>
public sealed class Tagger<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly float dropout;
    readonly RecurrentLayer<T> charactersForward, charactersBackward, wordLayer;
    readonly Linear<T> characterProjection, emissionLayer;
    readonly Parameter<T> transitions;
    readonly Tensor<T> mask;

    // Of each tag in the loss; null where all weigh 1.
    readonly double[]? labelWeights;

    // For each tag, those that are the same in IOB2.
    readonly int[][] alike;

    /// <summary>
    /// A tagger whose weights are zero until <see cref="Initialize"/> or until they are read from a file.
    /// </summary>
    /// <param name="backend">Where it lives, and what computes there.</param>
    /// <param name="options">Its sizes, unit and dropout.</param>
    /// <param name="shape">Sizes of its vocabularies, and its language models.</param>
    /// <exception cref="ArgumentException">One language model of the two.</exception>
    /// <exception cref="OptionsException">
    /// An option is out of its range, or weighs a label that there is not.
    /// </exception>
    public Tagger(DeviceBackend<T> backend, TaggerOptions options, TaggerShape shape) : base(backend)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(shape);
        if ((shape.Forward is null) != (shape.Backward is null))
            throw new ArgumentException("A tagger takes both language models or none.");
        (Options, Shape) = (SettingsSchema<TaggerOptions>.Require(options), shape);
        dropout = (float)options.Dropout;
        labelWeights = options.LabelWeights.IsNone ? null : options.LabelWeights.Of(shape.Tags);
        if (shape.Forward is not null)
        {
            Forward =
                Register("f_lm", new LanguageModelEncoder<T>(backend, shape.Forward, reverse: false, options.LmMixing));
            Backward = Register("b_lm",
                new LanguageModelEncoder<T>(backend, shape.Backward!, reverse: true, options.LmMixing));
        }
        CharacterEmbedding = Register("char_embed", new Embedding<T>(backend, shape.Characters, options.CharEmbedding));
        WordEmbedding = Register("word_embed", new Embedding<T>(backend, shape.Words, options.WordEmbedding));
        characterProjection =
            Register("char_seq", new Linear<T>(backend, 2 * options.CharHidden, options.WordEmbedding));
        if (Forward is not null)
            LanguageModelProjection =
                Register("lm_seq", new Linear<T>(backend, ShapeException.RequireSize("tagger",
                    "both language models' columns", (long)Forward.Width + Backward!.Width), options.LmProjection));
        charactersForward = Register("char_fw",
            new RecurrentLayer<T>(backend, options.Unit, options.CharEmbedding, options.CharHidden));
        charactersBackward = Register("char_bw",
            new RecurrentLayer<T>(backend, options.Unit, options.CharEmbedding, options.CharHidden));
        var wordInput = 2 * options.WordEmbedding + (Forward is null ? 0 : options.LmProjection);
        wordLayer = Register("word_rnn",
            new RecurrentLayer<T>(backend, options.Unit, wordInput, options.WordHidden, bidirectional: true));
        emissionLayer = Register("crf.hidden2tag", new Linear<T>(backend, 2 * options.WordHidden, shape.Tags.Count));
        transitions = Register("crf.transitions", new Shape(shape.Tags.Count, shape.Tags.Count));
        mask = Constant(transitions.Shape,
            Array.ConvertAll(CrfMasks.Mask(shape.Tags, options.Constraints), T.CreateChecked));
        // Start and end, the last two, mark no span where they stand among tags.
        var printed = shape.Tags.Select((tag, id) => id < shape.Tags.Count - 2 ? InIob2(tag) : "O").ToArray();
        alike = Array.ConvertAll(printed,
            tag => Enumerable.Range(0, printed.Length).Where(id => printed[id] == tag).ToArray());
    }

    /// <summary>Its sizes, unit and dropout, and how it was trained.</summary>
    public TaggerOptions Options { get; }

    /// <summary>Sizes of its vocabularies, and its language models.</summary>
    public TaggerShape Shape { get; }

    /// <summary>The language models; null for NoLM.</summary>
    public LanguageModelEncoder<T>? Forward { get; }

    /// <summary>The backward language model; null for NoLM.</summary>
    public LanguageModelEncoder<T>? Backward { get; }

    /// <summary>Vectors of the tagger's own words, [words, word_embedding].</summary>
    public Embedding<T> WordEmbedding { get; }

    /// <summary>Vectors of the characters, [characters, char_embedding].</summary>
    internal Embedding<T> CharacterEmbedding { get; }

    /// <summary>W_cr [lm_projection, width of both representations]; null for NoLM.</summary>
    public Linear<T>? LanguageModelProjection { get; }

    int StartTag => Shape.Tags.Count - 2;

    int EndTag => Shape.Tags.Count - 1;

    /// <summary>Draws the weights, but for the language models', which are frozen.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        CharacterEmbedding.Initialize(random);
        WordEmbedding.Initialize(random);
        characterProjection.Initialize(random);
        LanguageModelProjection?.Initialize(random);
        charactersForward.Initialize(random);
        charactersBackward.Initialize(random);
        wordLayer.Initialize(random);
        emissionLayer.Initialize(random);
        Initialization.Fill(transitions, 0);
    }

    /// <summary>
    /// Both language models' representations side by side, [<see cref="TaggerBatch.Positions"/>, B, width].
    /// </summary>
    /// <param name="batch">With the language models' ids.</param>
    /// <exception cref="InvalidOperationException">The tagger has no language models.</exception>
    public Tensor<T> Representation(TaggerBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (Forward is null)
            throw new InvalidOperationException("A tagger without language models has no representation.");
        return RowOperations.Concatenate(Forward.Forward(batch), Backward!.Forward(batch));
    }

    /// <summary>Tag scores of every word, [T, B, K].</summary>
    /// <param name="batch">T steps of B sentences.</param>
    /// <param name="context">Training, with dropout, or inference.</param>
    /// <param name="representation">What <see cref="Representation"/> gave for this batch, where it was kept; null to
    /// compute it.</param>
    /// <exception cref="ArgumentException">
    /// A representation is given, and the tagger has no language models.
    /// </exception>
    public Tensor<T> Emissions(TaggerBatch batch, ForwardContext context, Tensor<T>? representation = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(context);
        if (Forward is null && representation is not null)
            throw new ArgumentException("A tagger without language models reads no representation.",
                nameof(representation));
        var lengths = new IntTensor(Backend.Device, batch.PositionLengths);
        List<Tensor<T>> parts = [CharacterVectors(batch, context)];
        if (Forward is not null) parts.Add(LanguageModelVectors(batch, context, representation));
        parts.Add(WordEmbedding.Forward(new IntTensor(Backend.Device, batch.Words), batch.Positions, batch.Batch));
        var hidden = wordLayer.Forward(Drop(RowOperations.Concatenate([.. parts]), context), lengths);
        return emissionLayer.Forward(Drop(hidden.Slice(0, batch.Steps), context));
    }

    /// <summary>Bytes that the language models' weights take in memory.</summary>
    public long LanguageModelBytes => (Forward?.Bytes ?? 0) + (Backward?.Bytes ?? 0);

    /// <summary>
    /// Rounds the language models' word vectors and matrices to bfloat16, in half the memory
    /// (<see cref="TaggerOptions.LmStorage"/>). Tagging and training go on from there; pruning and exporting do not.
    /// </summary>
    /// <exception cref="Devices.UserException">There are no language models, or they are not of floats on the
    /// CPU.</exception>
    public void KeepLanguageModelsInBfloat16()
    {
        if (Forward is null)
            throw new Devices.UserException("bfloat16 is what language models' weights are kept in, and this tagger "
                + "has none. Leave it out.");
        Forward.KeepInBfloat16();
        Backward!.KeepInBfloat16();
        Backend.Device.TrimCache();
    }

    /// <summary>
    /// Mean over the batch's sentences of the negative log-likelihood of their tags, a scalar; each multiplied by the
    /// mean of its tags' <see cref="TaggerOptions.LabelWeights"/>.
    /// </summary>
    /// <param name="batch">With gold tags.</param>
    /// <param name="context">Training, with dropout, or inference.</param>
    /// <param name="representation">
    /// What <see cref="Representation"/> gave for this batch, where it was kept; null to compute it.
    /// </param>
    /// <exception cref="ArgumentException">A sentence has no tags.</exception>
    /// <exception cref="ForbiddenTagsException">The constraints forbid the tags of a sentence.</exception>
    public Tensor<T> Loss(TaggerBatch batch, ForwardContext context, Tensor<T>? representation = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(context);
        if (batch.Tags is null) throw new ArgumentException("A loss needs tags for every sentence of the batch.");
        var emissions = Emissions(batch, context, representation);
        var losses = emissions.CrfLoss(MaskedTransitions(), Sequences(batch),
            new IntTensor(Backend.Device, batch.Tags));
        return (labelWeights is null ? losses : losses.Multiply(SentenceWeights(batch, labelWeights))).Mean();
    }

    // [B, 1]
    Tensor<T> SentenceWeights(TaggerBatch batch, double[] weights)
    {
        var means = new T[batch.Batch];
        for (var b = 0; b < means.Length; b++)
        {
            double sum = 0;
            for (var t = 0; t < batch.Lengths[b]; t++) sum += weights[batch.Tags![t * batch.Batch + b]];
            means[b] = T.CreateChecked(sum / batch.Lengths[b]);
        }
        return Tensor.From(Backend, means, new Shape(means.Length, 1));
    }

    /// <summary>Most likely tags of each sentence.</summary>
    /// <param name="batch">B sentences.</param>
    /// <param name="representation">
    /// What <see cref="Representation"/> gave for this batch, where it was kept; null to compute it.
    /// </param>
    /// <returns>For each sentence as many tags as words.</returns>
    public int[][] Decode(TaggerBatch batch, Tensor<T>? representation = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = new TensorScope();
        using var pause = Tape<T>.NoGradient();
        return Viterbi(batch, Inference(batch, representation));
    }

    /// <summary>
    /// Most likely tags of each sentence, and the negative log-likelihood of its gold tags, from one forward pass.
    /// </summary>
    /// <param name="batch">B sentences with gold tags.</param>
    internal (int[][] Tags, T[] Losses) DecodeWithLosses(TaggerBatch batch)
    {
        if (batch.Tags is null) throw new ArgumentException("A loss needs tags for every sentence of the batch.");
        using var scope = new TensorScope();
        using var pause = Tape<T>.NoGradient();
        var (emissions, allowed) = (Emissions(batch, ForwardContext.Inference), MaskedTransitions());
        var sequences = Sequences(batch);
        var losses = emissions.CrfLoss(allowed, sequences, new IntTensor(Backend.Device, batch.Tags));
        return (Viterbi(batch, sequences.AsBatch(emissions, allowed)), losses.ToArray());
    }

    /// <summary>
    /// The most likely readings of each sentence, best first, from one forward pass whatever is asked for.
    /// </summary>
    /// <param name="batch">B sentences.</param>
    /// <param name="count">Readings a sentence, at least 1; a sentence of few words may have fewer.</param>
    /// <param name="withConfidence">Also each tag's marginal.</param>
    /// <param name="temperature">
    /// What every score is divided by before probabilities are taken of them: above 1 they are less sure. The order of
    /// readings does not depend on it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Less than one reading is asked for, or the temperature is no number above 0.
    /// </exception>
    public TaggerReading[][] Read(TaggerBatch batch, int count = 1, bool withConfidence = false,
        double temperature = 1) => Read(batch, count, withConfidence, temperature, withScores: false).Readings;

    /// <summary>The same, and each sentence's own scores, undivided, where they are asked for; else none.</summary>
    internal (TaggerReading[][] Readings, ChainScores[] Scores) Read(TaggerBatch batch, int count, bool withConfidence,
        double temperature, bool withScores)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "It is no number above 0.");
        using var scope = new TensorScope();
        using var pause = Tape<T>.NoGradient();
        var (emissions, allowed) = (Emissions(batch, ForwardContext.Inference), MaskedTransitions());
        var crf = Sequences(batch).AsBatch(emissions, allowed);
        var judged = temperature == 1 ? crf
            : Sequences(batch).AsBatch(Divided(emissions, temperature), Divided(allowed, temperature));
        TaggerReading[][] readings = count == 1
            ? Array.ConvertAll(Viterbi(batch, crf), tags => new[] { new TaggerReading(tags) })
            : Array.ConvertAll(Backend.Crf.NBest(judged, count),
                paths => Array.ConvertAll(paths, path => new TaggerReading(path.Tags, path.LogProbability)));
        return (withConfidence ? WithConfidence(batch, judged, readings) : readings,
            withScores ? Scores(batch, emissions.ToArray(), allowed.ToArray()) : []);
    }

    Tensor<T> Divided(Tensor<T> scores, double temperature)
    {
        var result = Tensor.Empty(Backend, scores.Shape);
        Backend.Elementwise.Scale(T.CreateChecked(1 / temperature), scores.View, result.View);
        return result;
    }

    ChainScores[] Scores(TaggerBatch batch, T[] emissions, T[] allowed)
    {
        var count = Shape.Tags.Count;
        var transitions = Array.ConvertAll(allowed, double.CreateChecked);
        return [.. batch.Lengths.Select((length, b) =>
        {
            var own = new double[length * count];
            for (var t = 0; t < length; t++)
                for (var tag = 0; tag < count; tag++)
                    own[t * count + tag] = double.CreateChecked(emissions[(t * batch.Batch + b) * count + tag]);
            return new ChainScores(own, transitions);
        })];
    }

    int[][] Viterbi(TaggerBatch batch, in CrfBatch<T> crf)
    {
        var tags = IntTensor.Empty(Backend.Device, batch.Steps * batch.Batch);
        var scores = Tensor.Empty(Backend, new Shape(batch.Batch, 1));
        Backend.Crf.Viterbi(crf, tags.View, scores.View);
        return Unpad(batch, tags.ToArray());
    }

    static string InIob2(string tag) => tag.StartsWith("S-", StringComparison.Ordinal) ? "B-" + tag[2..]
        : tag.StartsWith("E-", StringComparison.Ordinal) ? "I-" + tag[2..] : tag;

    TaggerReading[][] WithConfidence(TaggerBatch batch, in CrfBatch<T> crf, TaggerReading[][] readings)
    {
        var marginals = Tensor.Empty(Backend, new Shape(batch.Steps, batch.Batch, Shape.Tags.Count));
        var logPartition = Tensor.Empty(Backend, new Shape(batch.Batch, 1));
        Backend.Crf.Marginals(crf, marginals.View, logPartition.View);
        var probabilities = marginals.ToArray();
        // A sum of exponentials may come to 1 and a rounding.
        double Marginal(int t, int b, int tag) => Math.Min(1, alike[tag].Sum(
            other => double.CreateChecked(probabilities[(t * batch.Batch + b) * Shape.Tags.Count + other])));
        return [.. readings.Select((sentence, b) => Array.ConvertAll(sentence, reading =>
            reading with { Confidence = [.. reading.Tags.Select((tag, t) => Marginal(t, b, tag))] }))];
    }

    Tensor<T> CharacterVectors(TaggerBatch batch, ForwardContext context)
    {
        var lengths = new IntTensor(Backend.Device, batch.CharacterLengths);
        var (forward, backward) = CharacterStates(batch, lengths, context);
        var ends = forward.GatherRows(new IntTensor(Backend.Device, batch.WordEnds), batch.Positions, batch.Batch);
        var starts = backward.GatherRows(new IntTensor(Backend.Device, batch.WordStarts), batch.Positions, batch.Batch);
        return characterProjection.Forward(Drop(RowOperations.Concatenate(ends, starts), context));
    }

    (Tensor<T> Forward, Tensor<T> Backward) CharacterStates(TaggerBatch batch, IntTensor lengths,
        ForwardContext context)
    {
        if (IsInference(context))
        {
            var known = CharacterEmbedding.Lookup(batch.Characters, batch.CharacterSteps, batch.Batch);
            return (charactersForward.Forward(known, lengths, reversed: false),
                charactersBackward.Forward(known, lengths, reversed: true));
        }
        var embedded = CharacterEmbedding.Forward(new IntTensor(Backend.Device, batch.Characters), batch.CharacterSteps,
            batch.Batch);
        return (charactersForward.Forward(Drop(embedded, context), lengths),
            charactersBackward.ForwardReversed(Drop(embedded, context), lengths));
    }

    Tensor<T> LanguageModelVectors(TaggerBatch batch, ForwardContext context, Tensor<T>? representation)
    {
        if (representation is null && IsInference(context)) return ProjectedInChunks(batch);
        representation ??= Representation(batch);
        return LanguageModelProjection!.Forward(Drop(representation, context), Activation.Relu);
    }

    Tensor<T> ProjectedInChunks(TaggerBatch batch)
    {
        var weight = LanguageModelProjection!.Weight.View;
        var output = Tensor.Empty(Backend, new Shape(batch.Positions, batch.Batch, weight.Rows));
        Forward!.Project(batch, weight.SliceColumns(0, Forward.Width), output.View, accumulate: false);
        Backward!.Project(batch, weight.SliceColumns(Forward.Width, Backward.Width), output.View, accumulate: true);
        Backend.Elementwise.AddRow(output.View, LanguageModelProjection.Bias!.View.Reshape(1, weight.Rows),
            output.View);
        Backend.Elementwise.Map(Unary.Relu, output.View, output.View);
        return output;
    }

    static bool IsInference(ForwardContext context) => Tape<T>.Current is null && !context.IsTraining;

    Tensor<T> Drop(Tensor<T> input, ForwardContext context) => context.IsTraining && dropout > 0
        ? input.Dropout(dropout, context.NextKey()) : input;

    Tensor<T> MaskedTransitions() => Options.Constraints == CrfConstraints.None ? transitions : transitions.Add(mask);

    CrfSequences Sequences(TaggerBatch batch) =>
        new(batch.Steps, batch.Batch, new IntTensor(Backend.Device, batch.Lengths), StartTag, EndTag);

    CrfBatch<T> Inference(TaggerBatch batch, Tensor<T>? representation) =>
        Sequences(batch).AsBatch(Emissions(batch, ForwardContext.Inference, representation), MaskedTransitions());

    static int[][] Unpad(TaggerBatch batch, int[] tags) =>
        [.. batch.Lengths.Select(
            (length, b) => Enumerable.Range(0, length).Select(t => tags[t * batch.Batch + b]).ToArray())];
}
