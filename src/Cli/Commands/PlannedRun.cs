using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>One of the taggers that a command trains.</summary>
/// <param name="Name">In the table of results: a seed, a fold, a run's number.</param>
/// <param name="Folder">Its own.</param>
/// <param name="Label">What the work is called in its progress; null for the seed.</param>
/// <param name="Seed">Of its draws.</param>
/// <param name="Files">Its text.</param>
/// <param name="Settings">Its settings.</param>
sealed record PlannedRun(string Name, CheckpointFolder Folder, string? Label, ulong Seed, LabelledFiles Files,
    SettingsSource Settings)
{
    /// <summary>What it is called where people are told of it.</summary>
    public string Title => Label ?? $"tagger, seed {Seed}";
}

/// <summary>What came of one.</summary>
/// <param name="Run">As planned.</param>
/// <param name="Training">Null where it diverged.</param>
/// <param name="Test">Null where there was nothing to test on, or it was interrupted.</param>
/// <param name="Diverged">What went wrong, where something did.</param>
sealed record RunResult(PlannedRun Run, TaggerResult? Training, SpanReport? Test, string? Diverged = null)
{
    public bool WasInterrupted => Training?.WasInterrupted == true;

    /// <summary>Predicted tags of the text that it was tested on, where they are to be kept; else null.</summary>
    public string[][]? Tags { get; init; }
}

/// <summary>Those of a command that were begun, in the order in which they were planned.</summary>
/// <param name="Results">Of several ranks' runs some may be missing where a user interrupted them.</param>
/// <param name="WasInterrupted">Whether there is something left to do.</param>
sealed record RunResults(IReadOnlyList<RunResult> Results, bool WasInterrupted);
