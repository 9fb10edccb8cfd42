using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model.Flops;

/// <summary>Multiply-adds a word that one part of a model takes.</summary>
/// <param name="Part">What it is, in words.</param>
/// <param name="MultiplyAdds">Products with their additions, each pair counted once.</param>
public sealed record PartFlops(string Part, double MultiplyAdds);

/// <summary>
/// Multiply-adds per word of tagging: every matrix product, counted exactly from the shapes. Look-ups, biases,
/// activations and dropout are left out, as usual; the CRF's Viterbi takes one addition for each pair of tags.
/// </summary>
public static class TaggerFlops
{
    /// <summary>The paper's mean length of a word, in characters (CoNLL03).</summary>
    public const double PaperCharactersPerWord = 4.39;

    /// <summary>The cost by part, bottom up.</summary>
    /// <param name="options">The tagger.</param>
    /// <param name="forward">Forward language model; null for none (NoLM).</param>
    /// <param name="backward">Backward language model; null for none.</param>
    /// <param name="tags">Tags, with the CRF's start and end.</param>
    /// <param name="charactersPerWord">Mean length of a word; one step more is taken for the space after it.</param>
    /// <exception cref="OptionsException">An option is out of its range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than no tags, or words of no finite length of 0 or
    /// more.</exception>
    public static IReadOnlyList<PartFlops> PerWord(
        TaggerOptions options, RecurrentStackShape? forward, RecurrentStackShape? backward, int tags,
        double charactersPerWord = PaperCharactersPerWord)
    {
        ArgumentNullException.ThrowIfNull(options);
        SettingsSchema<TaggerOptions>.Require(options);
        ArgumentOutOfRangeException.ThrowIfNegative(tags);
        if (!(charactersPerWord >= 0 && double.IsFinite(charactersPerWord)))
            throw new ArgumentOutOfRangeException(nameof(charactersPerWord), charactersPerWord,
                "A word's mean length is 0 or more.");
        var parts = new List<PartFlops>();
        parts.Add(
            new("character layers", 2 * RecurrentFlops.PerStep(options.Unit, options.CharEmbedding, options.CharHidden)
                * (charactersPerWord + 1)));
        parts.Add(new("character projection", 2.0 * options.CharHidden * options.WordEmbedding));
        var wordInput = 2 * options.WordEmbedding;
        if (forward != null) parts.Add(new("forward language model", forward.MultiplyAdds()));
        if (backward != null) parts.Add(new("backward language model", backward.MultiplyAdds()));
        var models = new[] { forward, backward }.OfType<RecurrentStackShape>().ToArray();
        if (models.Length > 0)
        {
            parts.Add(new("language model projection", Reading(options, models)));
            wordInput += options.LmProjection;
        }
        parts.Add(new("word layers", 2 * RecurrentFlops.PerStep(options.Unit, wordInput, options.WordHidden)));
        parts.Add(new("tag scores", 2.0 * options.WordHidden * tags));
        parts.Add(new("Viterbi", (double)tags * tags));
        return parts;
    }

    // ELMo sums the layers with learnt weights first, so the linear layer reads one layer's width for each model.
    static double Reading(TaggerOptions options, IReadOnlyList<RecurrentStackShape> models) =>
        options.LmMixing == LanguageModelMixing.Concat
        ? models.Sum(model => (double)model.Output * options.LmProjection)
        : models.Sum(model => model.Hidden.Sum(hidden => (double)hidden)
            + (double)model.Hidden.LastOrDefault() * options.LmProjection);
}
