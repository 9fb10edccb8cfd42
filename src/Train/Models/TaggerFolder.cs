using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

/// <summary>One language model inside a tagger's config.json.</summary>
/// <param name="Hidden">Hidden size of each layer that is left.</param>
/// <param name="Scaled">Whether layers have scales z.</param>
/// <param name="Words">Vocabulary size.</param>
/// <param name="Unit">What each layer is made of.</param>
/// <param name="Embedding">Width of a word's embedding.</param>
/// <param name="Dense">Whether each layer reads all layers below it.</param>
sealed record EncoderConfig(int Words, RecurrentUnit Unit, int Embedding, IReadOnlyList<int> Hidden, bool Dense,
    bool Scaled)
{
    public static EncoderConfig Of(EncoderShape shape) =>
        new(shape.Words, shape.Stack.Unit, shape.Stack.Embedding, shape.Stack.Hidden, shape.Stack.IsDense,
            shape.Scaled);

    public EncoderShape ToShape() => new(Words, new RecurrentStackShape(Unit, Embedding, Hidden, Dense), Scaled);
}

/// <summary>config.json of a tagger, whole or pruned.</summary>
/// <param name="Kind">"tagger".</param>
/// <param name="Options">Shape and training.</param>
/// <param name="Forward">Null for NoLM.</param>
/// <param name="Backward">Null for NoLM.</param>
/// <param name="Constraints">
/// What stood here before <see cref="TaggerOptions.Constraints"/> could say all of it, and then counts; else null.
/// </param>
sealed record TaggerConfig(string Kind, TaggerOptions Options, EncoderConfig? Forward, EncoderConfig? Backward,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CrfConstraints? Constraints = null)
{
    public const string KindName = "tagger";
}

/// <summary>A tagger with its vocabularies.</summary>
/// <param name="Tagger">The weights; disposed of with the record.</param>
/// <param name="Vocabularies">Its words, characters and tags.</param>
public sealed record LoadedTagger(Tagger<float> Tagger, TaggerVocabularies Vocabularies) : IDisposable
{
    /// <summary>Gives the model's memory back to its device.</summary>
    public void Dispose() => Tagger.Dispose();
}

/// <summary>Reads and writes a tagger's folder.</summary>
public static class TaggerFolder
{
    internal static void Write(CheckpointWriter writer, Tagger<float> tagger, TaggerVocabularies vocabularies)
    {
        var shape = tagger.Shape;
        var config = new TaggerConfig(TaggerConfig.KindName, tagger.Options,
            shape.Forward is null ? null : EncoderConfig.Of(shape.Forward),
            shape.Backward is null ? null : EncoderConfig.Of(shape.Backward));
        writer.AddText("config.json", JsonSerializer.Serialize(config, ModelConfigJson.Default.TaggerConfig));
        foreach (var (name, vocabulary) in Files(vocabularies)) writer.AddLines(name, vocabulary.Tokens);
        writer.AddTensors("model.safetensors", StateDict.Of(tagger));
    }

    /// <summary>A tagger, whole or pruned, with its vocabularies.</summary>
    /// <param name="backend">Where it is to live.</param>
    /// <param name="path">The folder that a run wrote.</param>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="UserException">A file is missing, damaged, or of another model.</exception>
    public static LoadedTagger Load(DeviceBackend<float> backend, string path)
    {
        var folder = new CheckpointFolder(path);
        var config = ModelConfigJson.Read(folder, ModelConfigJson.Default.TaggerConfig, read => read.Kind,
            TaggerConfig.KindName);
        Vocabulary Vocabulary(string name) => ModelVocabulary.Read(folder, name);
        var vocabularies = new TaggerVocabularies(
            Vocabulary("vocab/words.txt"), new(Vocabulary("vocab/characters.txt")), new(Vocabulary("vocab/tags.txt")),
            config.Forward is null ? null : Vocabulary("vocab/forward_words.txt"),
            config.Backward is null ? null : Vocabulary("vocab/backward_words.txt"))
        { SentenceEnd = config.Options.SentenceEnd }.RequireSentenceEnd(path);
        RequireCount(path, "vocab/forward_words.txt", vocabularies.ForwardWords, config.Forward);
        RequireCount(path, "vocab/backward_words.txt", vocabularies.BackwardWords, config.Backward);
        var shape = ShapeOf(vocabularies, config.Forward?.ToShape(), config.Backward?.ToShape());
        var options = config.Constraints is { } constraints
            ? config.Options with { Constraints = constraints } : config.Options;
        var tagger = new Tagger<float>(backend, options, shape);
        folder.ReadTensors("model.safetensors", reader =>
        {
            StateDict.Load(tagger, reader);
            return true;
        });
        return new(tagger, vocabularies);
    }

    internal static TaggerShape ShapeOf(TaggerVocabularies vocabularies, EncoderShape? forward,
        EncoderShape? backward) =>
        new(vocabularies.Characters.Count, vocabularies.Words.Count, [.. vocabularies.Tags.Vocabulary.Tokens], forward,
            backward);

    static void RequireCount(string path, string file, Vocabulary? words, EncoderConfig? encoder)
    {
        if (encoder?.Words != words?.Count)
            throw new UserException($"{path}: {file} has {words?.Count} words, config.json says {encoder?.Words}: " +
                "the files are of two models.");
    }

    static IEnumerable<(string Name, Vocabulary Vocabulary)> Files(TaggerVocabularies vocabularies)
    {
        yield return ("vocab/words.txt", vocabularies.Words);
        yield return ("vocab/characters.txt", vocabularies.Characters.Vocabulary);
        yield return ("vocab/tags.txt", vocabularies.Tags.Vocabulary);
        if (vocabularies.ForwardWords is { } forward) yield return ("vocab/forward_words.txt", forward);
        if (vocabularies.BackwardWords is { } backward) yield return ("vocab/backward_words.txt", backward);
    }
}
