using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>From options to shapes.</summary>
public static class LanguageModelShapes
{
    public static RecurrentStackShape StackShape(this LanguageModelOptions options) =>
        new(options.Unit, options.EmbeddingSize, [.. Enumerable.Repeat(options.HiddenSize, options.Layers)], options.Connectivity == Connectivity.Dense);
}
