using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>From options to shapes.</summary>
public static class LanguageModelShapes
{
    /// <summary>The whole model's layers.</summary>
    /// <param name="options">Of the language model.</param>
    public static RecurrentStackShape StackShape(this LanguageModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.StackShape([.. Enumerable.Range(1, options.Layers)]);
    }

    /// <summary>
    /// What pruning leaves: only <paramref name="kept"/> layers (from 1). A stacked model can only lose layers from its
    /// top.
    /// </summary>
    /// <param name="options">Of the language model before pruning.</param>
    /// <param name="kept">Numbers of layers, from 1, in any order.</param>
    /// <exception cref="ArgumentException">A layer that is not there, or one that stacked layers above
    /// need.</exception>
    public static RecurrentStackShape StackShape(this LanguageModelOptions options, IReadOnlyCollection<int> kept)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Any(layer => layer < 1 || layer > options.Layers))
            throw new ArgumentException($"Layers {string.Join(',', kept)} of a model of {options.Layers}.",
                nameof(kept));
        var (isDense, layers) = (options.Connectivity == Connectivity.Dense, kept.Distinct().Count());
        if (!isDense && layers > 0 && kept.Max() != layers)
            throw new ArgumentException("A stacked model can only lose layers from its top.", nameof(kept));
        return new(options.Unit, options.EmbeddingSize, [.. Enumerable.Repeat(options.HiddenSize, layers)], isDense);
    }
}
