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

    /// <summary>Gives back what the device keeps for later batches of shapes like those before.</summary>
    public void Trim() => loaded.Tagger.Backend.Device.TrimCache();

    public void Dispose() => loaded.Dispose();
}
