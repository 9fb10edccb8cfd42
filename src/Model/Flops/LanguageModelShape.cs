using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model.Flops;

/// <summary>What a tagger uses of one language model: its layers, whole or pruned, and how wide they are side by side.</summary>
/// <param name="Layers">Bottom up, with the input widths that are left after pruning.</param>
/// <param name="OutputSize">Width of what the tagger reads at each word.</param>
public sealed record LanguageModelShape(IReadOnlyList<RecurrentLayer> Layers, int OutputSize)
{
    /// <summary>Multiply-adds a word.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAddsPerStep);

    /// <summary>The whole model.</summary>
    public static LanguageModelShape Of(LanguageModelOptions options) => Of(options, Enumerable.Range(1, options.Layers));

    /// <summary>
    /// The model with only <paramref name="kept"/> layers (from 1). A dense layer loses the columns of what is deleted; a stacked model can
    /// only lose layers from its top.
    /// </summary>
    /// <exception cref="ArgumentException">A layer that is not there, or one that stacked layers above need.</exception>
    public static LanguageModelShape Of(LanguageModelOptions options, IEnumerable<int> kept)
    {
        var numbers = kept.Distinct().Order().ToArray();
        if (numbers.Any(layer => layer < 1 || layer > options.Layers))
            throw new ArgumentException($"Layers {string.Join(',', numbers)} of a model of {options.Layers}.", nameof(kept));
        var dense = options.Connectivity == Connectivity.Dense;
        if (!dense && numbers.Length > 0 && numbers[^1] != numbers.Length)
            throw new ArgumentException("A stacked model can only lose layers from its top.", nameof(kept));
        var layers = new RecurrentLayer[numbers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            var input = dense ? options.EmbeddingSize + i * options.HiddenSize : i == 0 ? options.EmbeddingSize : options.HiddenSize;
            layers[i] = new RecurrentLayer(options.Unit, input, options.HiddenSize);
        }
        var output = dense ? options.EmbeddingSize + layers.Length * options.HiddenSize : layers.Length == 0 ? options.EmbeddingSize : options.HiddenSize;
        return new LanguageModelShape(layers, output);
    }
}
