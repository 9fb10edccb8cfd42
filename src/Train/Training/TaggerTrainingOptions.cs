using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Train.Training;

/// <summary>What every run that trains a tagger has: its text, its folder, its seed.</summary>
public abstract record TaggerTrainingOptions
{
    private protected TaggerTrainingOptions(string label) => Label = label;

    /// <summary>Labelled training text.</summary>
    public required LabelledFile Train
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Train));
    }

    /// <summary>Labelled text for early stopping.</summary>
    public required LabelledFile Dev
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Dev));
    }

    /// <summary>Folder for the tagger of the best epoch and the state to go on from.</summary>
    public required string Output
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Output));
    }

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Go on from what the folder holds.</summary>
    public bool Resume { get; init; }

    /// <summary>The output folder where the caller has claimed it already; null for the run to claim it.</summary>
    internal OutputFolder? Claimed { get; init; }

    /// <summary>
    /// The processes that train together, each of which makes this call; null for this one alone. Rank 0 writes the
    /// folder, which all must see.
    /// </summary>
    public RankGroup? Ranks { get; init; }

    /// <summary>What the work is called in its progress.</summary>
    public string Label
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Label));
    }
}
