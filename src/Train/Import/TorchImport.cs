using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Import;

/// <summary>What is to be imported.</summary>
public sealed record TorchImportOptions
{
    /// <summary>What <c>torch.save</c> wrote: a state_dict, or a dictionary with one under <c>model</c>.</summary>
    public required string Model { get; init => field = value ?? throw new ArgumentNullException(nameof(Model)); }

    /// <summary>
    /// The pickle with the model's maps: <c>test.pk</c> of a language model's text, <c>conll_map.pk</c> or
    /// <c>ner_dataset.pk</c> of a tagger.
    /// </summary>
    public required string Vocabulary
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Vocabulary));
    }

    /// <summary>The folder to write; of a language model its direction's own.</summary>
    public required string Output { get; init => field = value ?? throw new ArgumentNullException(nameof(Output)); }

    /// <summary>Whether a language model reads text from its end; of no meaning for a tagger.</summary>
    /// <value>null by default: of a tagger it need not be known.</value>
    public bool? IsBackward { get; init; }

    /// <summary>Whether a language model was trained with a ReLU behind its projection.</summary>
    /// <value>false by default, as in the published code.</value>
    public bool ProjectionRelu { get; init; }
}

/// <summary>What was imported.</summary>
/// <param name="Kind">tagger or language_model.</param>
/// <param name="Tensors">Of the model.</param>
/// <param name="Words">Of its vocabulary.</param>
public sealed record TorchImportResult(string Kind, int Tensors, int Words)
{
    /// <summary>tagger or language_model.</summary>
    public string Kind { get; init => field = value ?? throw new ArgumentNullException(nameof(Kind)); } =
        Kind ?? throw new ArgumentNullException(nameof(Kind));
}

/// <summary>
/// Models of the published PyTorch code as folders. Pickles are read as data: an opcode or a name that makes anything
/// but tensors, dictionaries and numbers is refused, and nothing is executed.
/// </summary>
public static class TorchImport
{
    const string Transitions = "crf.transitions";

    static readonly string[] OfTaggers = [Transitions, "word_embed.weight", "char_embed.weight",
        "char_fw.weight_hh_l0", "char_bw.weight_hh_l0", "word_rnn.weight_hh_l0"],
        OfLanguageModels = ["word_embed.weight", "rnn.layer.0.layer.weight_hh_l0", "soft_max.head.weight"];

    /// <summary>Reads both files and writes the model's folder, whole or not at all.</summary>
    /// <param name="backend">Where the model is made.</param>
    /// <param name="options">Which files, and where to.</param>
    /// <exception cref="DirectionException">A language model is imported, and its direction is not said.</exception>
    /// <exception cref="FolderTakenException">The folder holds a model already.</exception>
    /// <exception cref="OutputFolderException">It is no folder, and can be made none.</exception>
    /// <exception cref="UserException">
    /// A file cannot be read, holds what is no data, or does not fit the other.
    /// </exception>
    public static TorchImportResult Run(DeviceBackend<float> backend, TorchImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(options);
        OutputFolder.RequireName(options.Output);
        InputFile.RequireRereadable([options.Model, options.Vocabulary]);
        using var stream = InputFile.OpenRaw(options.Model);
        using var file = new TorchFile(stream, options.Model);
        using var pickle = InputFile.OpenRaw(options.Vocabulary);
        var weights = new TorchWeights(file);
        var isTagger = IsTagger(weights);
        if (!isTagger && options.IsBackward is null) throw new DirectionException(options.Model);
        var vocabularies = new PublishedVocabularies(pickle, options.Vocabulary);
        var folder = new CheckpointFolder(options.Output);
        using var claimed = OutputFolder.Claim(folder,
            isTagger ? TaggerConfig.KindName : LanguageModelConfig.KindName, resume: false);
        if (isTagger)
        {
            using var tagger = PublishedTagger.Read(backend, weights, vocabularies);
            folder.Save(writer => TaggerFolder.Write(writer, tagger.Tagger, tagger.Vocabularies));
            return new(TaggerConfig.KindName, weights.Count, tagger.Vocabularies.Words.Count);
        }
        using var model = PublishedLanguageModel.Read(backend, weights, vocabularies,
            LanguageModelFolder.Both[options.IsBackward!.Value ? 1 : 0], options.ProjectionRelu);
        folder.Save(writer => LanguageModelFolder.Write(writer, model.Config, model.Model, model.Vocabulary));
        return new(LanguageModelConfig.KindName, weights.Count, model.Vocabulary.Count);
    }

    static bool IsTagger(TorchWeights weights)
    {
        var (ofTagger, ofLanguageModel) = (Missing(OfTaggers), Missing(OfLanguageModels));
        var isTagger = weights.Has(Transitions);
        if (isTagger ? ofTagger.Length > 0 : ofLanguageModel.Length > 0)
            throw new UserException($"{weights.Source}: {(isTagger ? "" : "its tensors are those of neither model. ")}"
                + $"Of a tagger's it lacks {Names.First(ofTagger)}"
                + (isTagger ? "." : $"; of a language model's {Names.First(ofLanguageModel)}.")
                + $" It has {Names.First(weights.Names)}.");
        foreach (var name in isTagger ? OfTaggers : OfLanguageModels) weights.Sizes(name, 2);
        return isTagger;

        string[] Missing(string[] names) => [.. names.Where(name => !weights.Has(name))];
    }
}
