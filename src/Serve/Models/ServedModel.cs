using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Serve.Models;

/// <summary>A tagger that answers requests.</summary>
sealed class ServedModel(LoadedTagger loaded) : IDisposable
{
    public LoadedTagger Loaded => loaded;

    public TextTagger Tagger { get; } = new(loaded, new() { WithSpanConfidence = true });

    /// <summary>What runs for the first time is compiled: not while somebody waits.</summary>
    public ServedModel WarmedUp()
    {
        Tagger.Tag("Anna", "lives", "in", "Paris", ".");
        return this;
    }

    public void Dispose() => loaded.Dispose();
}
