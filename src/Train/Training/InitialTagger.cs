using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>
/// A trained tagger that a run begins with: words, characters and tags that it knows keep their rows, those that are
/// new get rows as a fresh run of that seed draws them, and everything else is its own.
/// </summary>
sealed class InitialTagger : IDisposable
{
    // What weights have the shape or the meaning of.
    static readonly string[] Architecture =
        ["char_embedding", "char_hidden", "word_embedding", "word_hidden", "lm_projection", "lm_mixing", "unit",
            "scheme", "sentence_end", "lowercase"];

    // What goes on besides, where nothing else is said.
    static readonly string[] Kept = [.. Architecture, "constraints", "lm_storage"];

    readonly string folder;
    readonly LoadedTagger known;

    InitialTagger(string folder, LoadedTagger known) => (this.folder, this.known) = (folder, known);

    /// <summary>The tagger of a folder, whole or pruned.</summary>
    /// <exception cref="UserException">It holds none, or it is damaged.</exception>
    public static InitialTagger Load(DeviceBackend<float> backend, string folder) =>
        new(folder, TaggerFolder.Load(backend, folder));

    /// <summary>Whether the run will have language models.</summary>
    public bool HasLanguageModels => known.Tagger.Forward is not null;

    /// <summary>
    /// What a run's settings stand on: its architecture, constraints and storage, and the defaults of the rest.
    /// </summary>
    public TaggerOptions Options
    {
        get
        {
            var schema = SettingsSchema<TaggerOptions>.Instance;
            return (TaggerOptions)schema.Build(Kept.Select(name => schema.Find(name)!)
                .ToDictionary(setting => setting, setting => setting.Get(known.Tagger.Options)), []);
        }
    }

    /// <summary>Makes sure that a run's options have this tagger's architecture.</summary>
    /// <exception cref="OptionsException">They have another: a line for each setting.</exception>
    public void RequireSame(TaggerOptions options)
    {
        var problems = Architecture.Select(name => SettingsSchema<TaggerOptions>.Instance.Find(name)!)
            .Select(setting => (setting.Name, Here: setting.TextIn(options), Own: setting.TextIn(known.Tagger.Options)))
            .Where(entry => entry.Here != entry.Own)
            .Select(entry => $"{entry.Name}={entry.Here}: the tagger in {folder}, which the run begins with, has "
                + $"{entry.Name}={entry.Own}. Leave it out.").ToArray();
        if (problems.Length > 0) throw new OptionsException(problems);
    }

    /// <summary>The tagger that the run trains.</summary>
    /// <param name="options">Of this architecture.</param>
    /// <param name="train">The training text, whose types of spans are the tags.</param>
    /// <param name="embeddings">Word vectors for words that are new; null for none.</param>
    /// <param name="seed">Of the rows that are new.</param>
    /// <param name="progress">Told what is known and what is new.</param>
    public LoadedTagger Begin(TaggerOptions options, LabelledFile train, string? embeddings, ulong seed,
        IProgress<WorkProgress>? progress)
    {
        var before = known.Vocabularies;
        var (found, vectors) = TaggerSetup.Words(options, train, embeddings, progress);
        var vocabularies = before with
        {
            Words = Joined(before.Words, found),
            Characters = new(Joined(before.Characters.Vocabulary,
                CharacterVocabulary.Build(train.Sentences).Vocabulary)),
            Tags = TagVocabulary.FromTypes(TagVocabulary.Types(train.Sentences), before.Tags.Scheme),
        };
        var own = known.Tagger.Shape;
        var tagger = new Tagger<float>(known.Tagger.Backend, options,
            TaggerFolder.ShapeOf(vocabularies, own.Forward, own.Backward));
        tagger.Initialize(TaggerSetup.Draws(seed));
        TaggerSetup.PutVectors(tagger.WordEmbedding, vocabularies.Words, vectors);
        Take(tagger, vocabularies);
        progress?.Report(WorkProgress.Note($"{folder}: its weights are the beginning. "
            + Invariant($"Words: {before.Words.Count:N0} known, ")
            + Invariant($"{vocabularies.Words.Count - before.Words.Count:N0} new. ")
            + $"Types of spans: {Types(before, vocabularies)}."));
        return new(tagger, vocabularies);
    }

    /// <summary>Gives the tagger's memory back.</summary>
    public void Dispose() => known.Dispose();

    static Vocabulary Joined(Vocabulary before, Vocabulary found) =>
        new([.. before.Tokens, .. found.Tokens.Where(token => !before.Contains(token))]);

    static string Types(TaggerVocabularies before, TaggerVocabularies after)
    {
        var (old, now) = (SpanTypes.Of(before.Tags), SpanTypes.Of(after.Tags));
        string Named(string what, IEnumerable<string> types) =>
            types.Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } some
                ? $"{what} {string.Join(", ", some.Select(type => type.Length == 0 ? "spans without a type" : type))}"
                : "";
        return string.Join("; ", new[]
        {
            Named("kept", now.Intersect(old)), Named("new", now.Except(old)),
            Named("left out, for the training text has none,", old.Except(now)),
        }.Where(part => part.Length > 0));
    }

    void Take(Tagger<float> tagger, TaggerVocabularies vocabularies)
    {
        var sources = known.Tagger.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter);
        var words = Places(vocabularies.Words, known.Vocabularies.Words);
        var characters = Places(vocabularies.Characters.Vocabulary, known.Vocabularies.Characters.Vocabulary);
        var tags = Places(vocabularies.Tags.Vocabulary, known.Vocabularies.Tags.Vocabulary);
        foreach (var (name, parameter) in tagger.Parameters())
        {
            var source = sources[name].ToArray();
            switch (name)
            {
                case "word_embed.weight": TakeRows(parameter, source, words); break;
                case "char_embed.weight": TakeRows(parameter, source, characters); break;
                case "crf.hidden2tag.weight" or "crf.hidden2tag.bias": TakeRows(parameter, source, tags); break;
                case "crf.transitions": TakePairs(parameter, source, tags, known.Vocabularies.Tags.Count); break;
                default: parameter.CopyFrom(source); break;
            }
        }
    }

    // Of each symbol its place before; -1 where it is new.
    static int[] Places(Vocabulary now, Vocabulary before) =>
        [.. now.Tokens.Select(token => before.TryGetId(token, out var id) ? id : -1)];

    static void TakeRows(Parameter<float> parameter, float[] source, int[] places)
    {
        var values = parameter.ToArray();
        var width = values.Length / places.Length;
        for (var row = 0; row < places.Length; row++)
            if (places[row] >= 0)
                source.AsSpan(places[row] * width, width).CopyTo(values.AsSpan(row * width));
        parameter.CopyFrom(values);
    }

    static void TakePairs(Parameter<float> parameter, float[] source, int[] places, int before)
    {
        var values = parameter.ToArray();
        for (var from = 0; from < places.Length; from++)
            for (var to = 0; to < places.Length; to++)
                if (places[from] >= 0 && places[to] >= 0)
                    values[from * places.Length + to] = source[places[from] * before + places[to]];
        parameter.CopyFrom(values);
    }
}
