using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// What <c>ldnet quickstart</c> trains, and on how much text. Each part is a section of <c>--set</c> and
/// <c>--config</c>.
/// </summary>
sealed record QuickstartSettings(LanguageModelOptions LanguageModel, TaggerOptions Tagger, PruneOptions Prune,
    SyntheticCorpusOptions Data)
{
    public const string LanguageModelSection = "lm", TaggerSection = "tagger", PruneSection = "prune",
        DataSection = "data";

    /// <summary>Minutes on a processor.</summary>
    public static QuickstartSettings Default { get; } = new(
        new()
        {
            EmbeddingSize = 48, Layers = 4, HiddenSize = 48, ProjectionSize = 96, BatchSize = 32, LearningRate = 5e-3,
            UnkThreshold = 0,
            MaxEpochs = 3, LayerDropout = 0.25,
        },
        new()
        {
            CharEmbedding = 16, CharHidden = 24, WordEmbedding = 32, WordHidden = 32, LmProjection = 32,
            LearningRate = 0.03, MaxEpochs = 12,
            Patience = 6, WordThreshold = 1,
        },
        new() { Layers = 2, Lambda0 = 0.3, LearningRate = 0.03, MinEpochs = 4, MaxEpochs = 10, Patience = 2 },
        new());

    /// <summary>What the user said over <see cref="Default"/>.</summary>
    /// <exception cref="UserException">Unknown keys, values out of range, contradictions, and what could have no
    /// effect: one line each.</exception>
    public static QuickstartSettings Read(SettingsSource source)
    {
        var lm = new SettingsSection(SettingsSchema<LanguageModelOptions>.Instance, LanguageModelSection);
        var tagger = new SettingsSection(SettingsSchema<TaggerOptions>.Instance, TaggerSection);
        var prune = new SettingsSection(SettingsSchema<PruneOptions>.Instance, PruneSection);
        var data = new SettingsSection(SettingsSchema<SyntheticCorpusOptions>.Instance, DataSection);
        return source.Read([lm, tagger, prune, data], problems =>
        {
            var settings = new QuickstartSettings(lm.Build(problems, Default.LanguageModel),
                tagger.Build(problems, Default.Tagger), prune.Build(problems, Default.Prune),
                data.Build(problems, Default.Data));
            foreach (var problem in settings.Impossible()) problems.Add(problem);
            return settings;
        });
    }

    // Said before the minutes of training, not after them.
    IEnumerable<string> Impossible()
    {
        if (Tagger.LmMixing != LanguageModelMixing.Concat)
            yield return "tagger.lm_mixing=elmo has no layers to select, which the quickstart ends with. Leave it out.";
        if (LanguageModel.Connectivity != Connectivity.Dense)
            yield return "lm.connectivity=stacked: such models lose no layers, and the quickstart ends with selecting "
                + "some. Leave it out.";
        if (LanguageModel.ShuffleShards)
            yield return "lm.shuffle_shards=true: the quickstart's text is one file. Leave it out.";
        if (Prune.Layers > 2L * LanguageModel.Layers)
            yield return $"prune.layers={Prune.Layers} is more than there are: lm.layers={LanguageModel.Layers} in "
                + "each of the two language models.";
    }
}
