using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>What <see cref="TaggerRun"/> trains, on what, and where to.</summary>
public sealed record TaggerRunOptions() : TaggerTrainingOptions("tagger")
{
    /// <summary>Folder with the language models of both directions; null for a tagger without.</summary>
    public string? LanguageModels { get; init; }

    /// <summary>
    /// Word vectors: text, or word2vec's or fastText's .bin; null for none. A word takes its own vector, else that of
    /// its lower-cased form.
    /// </summary>
    public string? Embeddings { get; init; }

    /// <summary>
    /// Folder of a tagger, whole or pruned, whose weights the run begins with, to be fine-tuned; null for fresh ones.
    /// Its architecture and its language models are the run's, the tags those of the training text.
    /// </summary>
    public string? Initial { get; init; }

    /// <summary>
    /// Changes the paper's options, those of a tagger that is resumed, or the architecture of <see cref="Initial"/>
    /// with the paper's options besides.
    /// </summary>
    public Func<TaggerOptions, TaggerOptions> Configure
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Configure));
    } = options => options;
}

/// <summary>Trains a tagger, from the labelled text to the finished folder.</summary>
public static class TaggerRun
{
    /// <summary>Trains to the end, or until cancelled: then the folder holds where it stopped.</summary>
    /// <param name="backend">Where the tagger is trained.</param>
    /// <param name="run">Texts, language models, folder, options.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Looked at before every step; what is trained by then is saved.</param>
    /// <exception cref="OptionsException">An option is out of its range; nothing was written.</exception>
    /// <exception cref="UserException">Text, vectors or language models cannot be used, or the folder is
    /// taken.</exception>
    /// <exception cref="OutputFolderException">The output is no folder, and can be made none.</exception>
    /// <exception cref="FolderInUseException">Another run is writing in the folder.</exception>
    /// <exception cref="ResumeException">The folder's run was begun with something else.</exception>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    /// <exception cref="CheckpointWriteException">
    /// The folder cannot be written; what it held before is whole.
    /// </exception>
    public static TaggerResult Train(
        DeviceBackend<float> backend, TaggerRunOptions run, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(run);
        OutputFolder.RequireName(run.Output);
        run.Ranks?.RequireSame([("seed", $"{run.Seed}"), .. RunSettings.Of(run.Configure(new())).Select(one =>
            ($"setting {one.Key}", one.Value))]);
        SpanTypes.RequireSome(run.Train.RequireSentences("training text"));
        run.Dev.RequireSentences("dev text");
        var folder = new CheckpointFolder(run.Output);
        // Wrong options are said before a folder is made; those of a run that goes on are in its folder.
        var goesOn = run.Claimed?.IsTaken ?? (run.Resume && OutputFolder.HoldsRun(folder));
        using var initial = run.Initial is null || goesOn ? null : Initial(backend, run);
        var fresh = goesOn ? null : Configured(run, initial);
        if (fresh is not null) RequireStorage(backend, run, fresh, initial);
        using var own = run.Claimed is null
            ? OutputFolder.Claim(folder, TaggerConfig.KindName, run.Resume, run.Ranks, progress) : null;
        var resumes = (run.Claimed ?? own!).IsTaken;
        var options = resumes ? null : fresh ?? throw new FolderInUseException(folder.Root);
        using var start = options is null
            ? TaggerFolder.Load(backend, run.Output)
            : initial is not null ? initial.Begin(options, run.Train, run.Embeddings, run.Seed, progress)
            : TaggerSetup.Create(backend, options, run.Train, run.LanguageModels, run.Embeddings, run.Seed, progress);
        options ??= Resumed(run, folder, start.Tagger, progress);
        // Those of a tagger that was pruned: the choice of layers is made.
        foreach (var scale in new[] { start.Tagger.Forward?.Scale, start.Tagger.Backward?.Scale })
            if (scale is not null) scale.RequiresGradient = false;
        if (options.LmStorage == WeightStorage.Bfloat16 && start.Tagger.Forward is not null)
            start.Tagger.KeepLanguageModelsInBfloat16();
        using var trainer = new TaggerTrainer(start.Tagger, start.Vocabularies, TaggerSchedule.Of(options), run.Train,
            run.Dev, folder, run.Seed, sources: resumes ? null : TaggerSources.Of(run), ranks: run.Ranks);
        if (resumes) trainer.Resume(progress);
        return trainer.Run(progress, cancellation, run.Label);
    }

    static InitialTagger Initial(DeviceBackend<float> backend, TaggerRunOptions run) => run.LanguageModels is null
        ? InitialTagger.Load(backend, run.Initial!)
        : throw new UserException($"{run.LanguageModels}: a run that begins with a tagger, of {run.Initial}, has that "
            + "one's language models, or none. Leave them out.");

    static void RequireStorage(DeviceBackend<float> backend, TaggerRunOptions run, TaggerOptions options,
        InitialTagger? initial)
    {
        if (options.LmStorage != WeightStorage.Bfloat16 || run.LanguageModels is null && initial is null) return;
        if (backend.Device is not CpuDevice)
            throw new UnsupportedOnDeviceException($"lm_storage=bf16: {backend.Device} has no products that read such "
                + "weights; the CPU has, and every device reads lm_storage=f32.", new DeviceAlternative("cpu"));
        if (initial is not null && !initial.HasLanguageModels)
            throw new UserException(
                $"lm_storage=bf16: is of language models, and {run.Initial} has none. Leave it out.");
    }

    static TaggerOptions Configured(TaggerRunOptions run, InitialTagger? initial)
    {
        var options = Configured(run, initial?.Options ?? new());
        initial?.RequireSame(options);
        return options;
    }

    static TaggerOptions Configured(TaggerRunOptions run, TaggerOptions before) =>
        SettingsSchema<TaggerOptions>.Require(run.Configure(before));

    static TaggerOptions Resumed(TaggerRunOptions run, CheckpointFolder folder, Tagger<float> tagger,
        IProgress<WorkProgress>? progress)
    {
        var saved = SavedRun.Find(folder)!;
        var before = saved.Settings is { } settings
            ? RunSettings.Read<TaggerOptions>(settings, folder.Root) : tagger.Options;
        var options = Configured(run, before);
        RunSettings.RequireResumable(folder.Root, saved with { Settings = RunSettings.Of(before) },
            new(run.Seed, RunSettings.Of(options)), progress);
        TaggerSources.RequireSame(folder.Root, saved.Sources, run, tagger.Forward is not null);
        foreach (var given in new[] { run.LanguageModels, run.Embeddings, run.Initial }.OfType<string>())
            progress?.Report(WorkProgress.Note(
                $"{given}: not read again: the run goes on with the vectors and models in {folder.Root}."));
        return options;
    }
}
