using LdNetGpu.Devices;
using LdNetGpu.Model.Onnx;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

/// <summary>
/// Writes a tagger, whole or pruned, as one ONNX file: from ids to tags, characters, language models' layers, CRF and
/// Viterbi in the graph, the vocabularies in its metadata.
/// </summary>
public static class TaggerOnnxFile
{
    /// <summary>What the metadata's <c>format</c> says.</summary>
    internal const string Format = "LdNetGpu.Tagger";

    /// <summary>The version of ONNX's standard operators that the file needs.</summary>
    public const int Opset = OnnxModel.Opset;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="loaded">The tagger and its vocabularies.</param>
    /// <param name="path">Where to; its folder is made.</param>
    /// <returns>Bytes of the file.</returns>
    /// <exception cref="FileTakenException">There is a file already.</exception>
    /// <exception cref="UserException">
    /// The file cannot be written, would be larger than the format allows, or the tagger has a unit that ONNX has not.
    /// </exception>
    public static long Write(LoadedTagger loaded, string path)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileTakenException.RequireFree([path]);
        var model = new OnnxModel(OnnxTagger.Graph(loaded.Tagger, Ends(loaded.Vocabularies)),
            Metadata(loaded.Vocabularies));
        AtomicFile.Write(path, model.WriteTo);
        return model.Message.Size;
    }

    static SentenceEndIds Ends(TaggerVocabularies vocabularies) => new(
        vocabularies.Characters.Vocabulary.SentenceEndId, vocabularies.Words.SentenceEndId,
        vocabularies.ForwardWords?.SentenceEndId ?? -1, vocabularies.BackwardEnd);

    static IEnumerable<KeyValuePair<string, string>> Metadata(TaggerVocabularies vocabularies)
    {
        yield return new("format", Format);
        yield return new("version", "1");
        yield return new("lowercase", vocabularies.Lowercase ? "true" : "false");
        foreach (var (name, vocabulary) in TaggerFolder.Files(vocabularies))
            yield return new(Path.GetFileNameWithoutExtension(name), string.Join('\n', vocabulary.Tokens));
    }
}
