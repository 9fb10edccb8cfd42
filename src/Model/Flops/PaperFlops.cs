using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model.Flops;

/// <summary>
/// One row of the paper's tables: a configuration with the multiply-adds a word that the paper prints.
/// </summary>
/// <param name="Name">As the paper calls it.</param>
/// <param name="Forward">Forward language model, null for none.</param>
/// <param name="Backward">Backward language model, null for none.</param>
/// <param name="PrintedMillions">The paper's figure, in millions.</param>
sealed record PaperConfiguration(string Name, RecurrentStackShape? Forward, RecurrentStackShape? Backward,
    int PrintedMillions);

/// <summary>
/// The configurations of tables 2 to 4 (CoNLL03), to be counted by the same rules as any other model.
/// </summary>
static class PaperFlops
{
    /// <summary>Tags of CoNLL03: four types in IOBES, O, and the CRF's start and end.</summary>
    public const int Tags = 19;

    public static IReadOnlyList<PaperConfiguration> Configurations { get; } =
    [
        new("NoLM", null, null, 3),
        Both("R-ELMo (6): 2 layers of 2048", Stacked(2048), 108),
        Both("R-ELMo (7): 2 layers of 1600", Stacked(1600), 68),
        Both("LD-Net (8), (9): 10 dense layers of 300", LdNet.StackShape(), 51),
        Both("pruned: 1 layer each way", LdNet.StackShape([1]), 5),
        new("pruned: 2 layers forward, none backward",
            LdNet.StackShape([1, 2]), LdNet.StackShape([]), 5),
    ];

    /// <summary>Our count of a configuration, with the paper's tagger.</summary>
    public static double Count(PaperConfiguration configuration) =>
        TaggerFlops.PerWord(new TaggerOptions(), configuration.Forward, configuration.Backward, Tags)
            .Sum(part => part.MultiplyAdds);

    /// <summary>
    /// The reading that agrees with most of the printed figures: multiplications and additions counted apart in the
    /// tagger's own layers but not in the language models, and no step for the space after a word.
    /// </summary>
    public static double CountAsPrinted(PaperConfiguration configuration)
    {
        var parts = TaggerFlops.PerWord(new TaggerOptions(), configuration.Forward, configuration.Backward, Tags,
            TaggerFlops.PaperCharactersPerWord - 1);
        var models = (configuration.Forward?.MultiplyAdds() ?? 0) + (configuration.Backward?.MultiplyAdds() ?? 0);
        return 2 * (parts.Sum(part => part.MultiplyAdds) - models) + models;
    }

    static LanguageModelOptions LdNet => new();

    static PaperConfiguration Both(string name, RecurrentStackShape shape, int millions) =>
        new(name, shape, shape, millions);

    static RecurrentStackShape Stacked(int hiddenSize) =>
        new LanguageModelOptions { Connectivity = Connectivity.Stacked, LayerDropout = 0, Layers = 2,
            HiddenSize = hiddenSize }.StackShape();
}
