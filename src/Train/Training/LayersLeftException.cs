using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Train.Training;

/// <summary>Layer selection ended with more layers than were to be left.</summary>
/// <param name="epochs">Epochs that were trained.</param>
/// <param name="left">Layers left after the last one.</param>
/// <param name="options">The options of the run.</param>
public sealed class LayersLeftException(int epochs, int left, PruneOptions options) : UserException(
    $"No epoch of {epochs} came down to {options.Layers} layers ({left} are left): " +
    "go on with a higher max_epochs or learning_rate, or begin anew in another folder " +
    Invariant($"with a higher lambda0 (now {options.Lambda0}) or more layers."))
{
    /// <summary>Layers left after the last epoch.</summary>
    public int Left { get; } = left;

    /// <summary>The options of the run.</summary>
    public PruneOptions Options { get; } = options;
}
