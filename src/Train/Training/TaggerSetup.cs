using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Data.Embeddings;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>
/// Makes a fresh tagger for a training text: vocabularies, language models, pretrained word vectors, initial weights.
/// </summary>
static class TaggerSetup
{
    // Streams of the initial weights' draws; the same site whatever else a model has, so that NoLM and LM taggers start
    // alike.
    const uint WeightsSite = 11;

    static readonly TaggerOptions Unset = new();

    /// <param name="backend">Where the tagger is to live.</param>
    /// <param name="options">Its shape.</param>
    /// <param name="train">The training text, which the vocabularies are of.</param>
    /// <param name="languageModels">Folder with both directions; null for NoLM.</param>
    /// <param name="embeddings">Word vectors, see <see cref="EmbeddingFile"/>; null for none.</param>
    /// <param name="seed">Of the initial weights.</param>
    /// <param name="progress">Told what was found: coverage, sizes.</param>
    public static LoadedTagger Create(DeviceBackend<float> backend, TaggerOptions options, LabelledFile train,
        string? languageModels = null, string? embeddings = null, ulong seed = 1,
        IProgress<WorkProgress>? progress = null)
    {
        var (words, vectors) = Words(options, train, embeddings, progress);
        if (languageModels is null)
            foreach (var setting in OfLanguageModels(options))
                progress?.Report(WorkProgress.Note($"There are no language models: {setting} has no effect."));
        using var forward = languageModels is null ? null : LoadDirection(backend, languageModels, "forward");
        using var backward = languageModels is null ? null : LoadDirection(backend, languageModels, "backward");
        var vocabularies = new TaggerVocabularies(words, CharacterVocabulary.Build(train.Sentences),
            TagVocabulary.FromTypes(TagVocabulary.Types(train.Sentences), SchemeOf(options)), forward?.Vocabulary,
            backward?.Vocabulary) { Lowercase = options.Lowercase }.With(options.SentenceEnd);
        var tagger = new Tagger<float>(backend, options,
            TaggerFolder.ShapeOf(vocabularies, Shape(forward), Shape(backward)));
        tagger.Initialize(Draws(seed));
        if (forward is not null) Take(forward.Model, tagger.Forward!);
        if (backward is not null) Take(backward.Model, tagger.Backward!);
        PutVectors(tagger.WordEmbedding, vocabularies.Words, vectors);
        return new(tagger, vocabularies);
    }

    /// <summary>Where a fresh tagger's weights are drawn from.</summary>
    public static RandomStream Draws(ulong seed) => new(new RandomKey(seed, 0, WeightsSite));

    /// <summary>The words that get a vector of their own, and those that are given.</summary>
    /// <inheritdoc cref="Create"/>
    public static (Vocabulary Words, WordVectors Vectors) Words(TaggerOptions options, LabelledFile train,
        string? embeddings, IProgress<WorkProgress>? progress)
    {
        var counts = WordVocabulary.Count(train.Sentences);
        var table = embeddings is null ? null : EmbeddingFile.Load(embeddings, dimension: options.WordEmbedding);
        if (table is not null)
            Note($"{embeddings}: {table.Report.Summary()}. {table.Coverage(counts).Summary()} have a vector.");
        var vectors = new WordVectors(table, counts, options.Lowercase);
        var words = WordVocabulary.Build(counts, vectors, options.WordThreshold, options.Lowercase);
        var unknown = new WordVocabulary(words, options.Lowercase).UnknownRate(counts);
        Note(Invariant($"{train.Name}: {train.Sentences.Count:N0} sentences, {train.WordCount:N0} words, ")
            + $"{SchemeDetector.Name(train.SourceScheme)}; "
            + Invariant($"word vocabulary {words.Count:N0}, {100 * unknown:f2} % <unk>."));
        return (words, vectors);

        void Note(string message) => progress?.Report(WorkProgress.Note(message));
    }

    static LoadedLanguageModel LoadDirection(DeviceBackend<float> backend, string folder, string direction)
    {
        NoCheckpointException.RequireName(folder, "language model");
        var loaded = LanguageModelFolder.Load(backend, Path.Combine(folder, direction));
        return loaded.Config.Direction == direction ? loaded
            : throw new UserException(
                $"{Path.Combine(folder, direction)}: config.json says it is the {loaded.Config.Direction} model.");
    }

    static EncoderShape? Shape(LoadedLanguageModel? loaded) => loaded is null
        ? null
        : new(loaded.Config.Words, loaded.Config.Options.StackShape());

    static void Take(LanguageModel<float> model, LanguageModelEncoder<float> encoder)
    {
        var sources = model.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var (name, parameter) in encoder.Parameters())
            if (sources.TryGetValue(name, out var source)) parameter.CopyFrom(source.ToArray());
    }

    // Settings of what is not there, where they were set.
    static IEnumerable<string> OfLanguageModels(TaggerOptions options)
    {
        if (options.LmMixing != Unset.LmMixing) yield return "lm_mixing";
        if (options.LmProjection != Unset.LmProjection) yield return "lm_projection";
        if (options.LmStorage != Unset.LmStorage) yield return "lm_storage";
    }

    static TagScheme SchemeOf(TaggerOptions options) =>
        options.Scheme == TaggerScheme.Iob2 ? TagScheme.Iob2 : TagScheme.Iobes;

    /// <summary>Puts the vectors that are given into their words' rows.</summary>
    public static void PutVectors(Embedding<float> embedding, Vocabulary words, WordVectors vectors)
    {
        var values = embedding.Weight.ToArray();
        for (var id = 0; id < words.Count; id++)
            if (vectors.Find(words[id]) is { } vector) vector.CopyTo(values.AsSpan(id * embedding.Width));
        embedding.Weight.CopyFrom(values);
    }
}
