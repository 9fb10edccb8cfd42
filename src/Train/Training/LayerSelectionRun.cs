using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>What <see cref="LayerSelectionRun"/> prunes, on what, and where to.</summary>
public sealed record LayerSelectionRunOptions() : TaggerTrainingOptions("layer selection")
{
    /// <summary>Folder of a trained tagger with language models.</summary>
    public required string Model
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Model));
    }

    /// <summary>How many layers to keep, and by which method.</summary>
    public PruneOptions Options { get; init; } = new();
}

/// <summary>
/// Chooses the language-model layers that a tagger needs and deletes the others, from a tagger's folder to the pruned
/// one's.
/// </summary>
public static class LayerSelectionRun
{
    /// <summary>Trains to the end, or until cancelled: then the folder holds where it stopped.</summary>
    /// <param name="backend">Where the tagger is trained.</param>
    /// <param name="run">Tagger, texts, folder, options.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Looked at before every step; what is trained by then is saved.</param>
    /// <exception cref="OptionsException">An option is out of its range; nothing was written.</exception>
    /// <exception cref="LayersLeftException">No epoch came down to so few layers.</exception>
    /// <exception cref="UserException">Text or tagger cannot be used, or the folder is taken.</exception>
    /// <exception cref="OutputFolderException">The output is no folder, and can be made none.</exception>
    /// <exception cref="FolderInUseException">Another run is writing in the folder.</exception>
    /// <exception cref="ResumeException">The folder's run was begun with something else.</exception>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    /// <exception cref="CheckpointWriteException">
    /// The folder cannot be written; what it held before is whole.
    /// </exception>
    public static TaggerResult Train(
        DeviceBackend<float> backend, LayerSelectionRunOptions run, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(run);
        if (run.Ranks is not null)
            throw new UserException("layer selection trains in one process: start it without mpirun.");
        SettingsSchema<PruneOptions>.Require(run.Options);
        OutputFolder.RequireName(run.Output);
        SpanTypes.RequireSome(run.Train.RequireSentences("training text"));
        run.Dev.RequireSentences("dev text");
        using var loaded = TaggerFolder.Load(backend, run.Model);
        using var tagger = loaded.Tagger.WithScales();
        var folder = new CheckpointFolder(run.Output);
        using var own = run.Claimed is null
            ? OutputFolder.Claim(folder, TaggerConfig.KindName, run.Resume, progress) : null;
        var resumes = (run.Claimed ?? own!).IsTaken;
        if (resumes)
            RunSettings.RequireResumable(folder.Root, SavedRun.Find(folder)! with
            {
                Settings = SavedOptions(folder) is { } before ? RunSettings.Of(before) : null,
            }, new(run.Seed, RunSettings.Of(run.Options)), progress);
        using var trainer = new TaggerTrainer(tagger, loaded.Vocabularies, TaggerSchedule.Of(run.Options), run.Train,
            run.Dev, folder, run.Seed, run.Options,
            new CheckpointFolder(run.Model).Entries.GetValueOrDefault(CheckpointFolder.WeightsFile)?.Crc32c);
        if (resumes) trainer.Resume();
        return trainer.Run(progress, cancellation, run.Label);
    }

    /// <summary>The options of the run that a folder holds; null where they were not kept.</summary>
    /// <exception cref="UserException">The state to go on from is missing or damaged.</exception>
    internal static PruneOptions? SavedOptions(CheckpointFolder folder) =>
        SavedRun.Find(folder)?.Settings is { } settings
            ? RunSettings.Read<PruneOptions>(settings, folder.Root) : null;
}
