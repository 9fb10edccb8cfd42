using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>Where a tagger's run stands.</summary>
sealed record TaggerPosition
{
    public int Epoch { get; init; }

    /// <summary>The batch that comes next in this epoch.</summary>
    public int Batch { get; init; }

    public int Step { get; init; }
    public double LossSum { get; init; }

    /// <summary>
    /// Of this epoch: steps whose gradients were clipped, and the sum of the gradients' norms before that.
    /// </summary>
    public int ClippedSteps { get; init; }
    public double GradientNormSum { get; init; }
    public double BestF1 { get; init; } = -1;
    public int BestEpoch { get; init; }

    /// <summary>Loss of the best epoch, which decides between epochs of one F1; null before there is one.</summary>
    public double? BestLoss { get; init; }
    [JsonPropertyName("epochs_without_better")]
    public int EpochsWithoutImprovement { get; init; }
    public bool IsDone { get; init; }
    public ulong Seed { get; init; }

    /// <summary>The rate that rows left behind by the optimizer are to catch up at.</summary>
    public double LearningRate { get; init; }

    /// <summary>What the positions count in.</summary>
    public string Layout { get; init; } = "";

    /// <summary>
    /// CRC-32C of the training and dev text, and of the tagger to be pruned; null in what was saved before they were
    /// kept.
    /// </summary>
    public string? Texts { get; init; }

    /// <summary>Processes that trained it together; with another number sums are added in another order.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>What the run began with besides; null where that was not kept, and of layer selection.</summary>
    public TaggerSources? Sources { get; init; }
}

/// <summary>
/// A line of metrics.jsonl; losses in nats a sentence, F1 in percent, the mean norm of the gradients before clipping,
/// scales z where layers are being selected.
/// </summary>
sealed record TaggerMetrics(
    int Epoch, int Step, double TrainLoss, double? DevLoss, double DevF1, double LearningRate, double WordsPerSecond,
    double GradientNorm, int ClippedSteps, int? Layers, double[]? Scales);

/// <summary>What a finished or interrupted run came to.</summary>
/// <param name="BestF1">Of the checkpoint in the folder, on dev, in percent; -1 when there is none yet.</param>
/// <param name="BestEpoch">The epoch of that checkpoint, from 1; 0 when there is none yet.</param>
/// <param name="Epochs">Epochs completed, those of a resumed run among them.</param>
/// <param name="WordsPerSecond">Of this run alone, evaluations included.</param>
/// <param name="WasInterrupted">Whether it was cancelled, and can be resumed.</param>
public sealed record TaggerResult(double BestF1, int BestEpoch, int Epochs, double WordsPerSecond, bool WasInterrupted)
{
    /// <summary>
    /// Of the checkpoint in the folder, the mean negative log-likelihood of the dev sentences, in nats; null where
    /// there is no checkpoint yet, or the tagger knows the tags of none of them.
    /// </summary>
    public double? BestDevLoss { get; init; }

    /// <summary>What this rank exchanged with others in this run, evaluations and checkpoints included; null for one
    /// process.</summary>
    public RankTraffic? Traffic { get; init; }
}

/// <summary>Schedule of a run: what tagger training and layer selection differ in.</summary>
sealed record TaggerSchedule(
    OptimizerKind Optimizer, int BatchSize, double LearningRate, double LrDecay, double Momentum, double ClipNorm,
    int MinEpochs, int MaxEpochs, int Patience)
{
    /// <summary>What the best epoch is chosen by.</summary>
    public StopCriterion StopBy { get; init; }

    /// <summary>Steps over which the learning rate rises.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>All settings of the run as text, to be kept with it.</summary>
    public required SortedDictionary<string, string> Settings { get; init; }

    public static TaggerSchedule Of(TaggerOptions options) =>
        new(options.Optimizer, options.BatchSize, options.LearningRate,
            options.LrDecay, options.Momentum, options.ClipNorm, 0, options.MaxEpochs, options.Patience)
        {
            StopBy = options.StopBy,
            WarmupSteps = options.WarmupSteps,
            Settings = RunSettings.Of(options),
        };

    public static TaggerSchedule Of(PruneOptions options) =>
        new(OptimizerKind.Sgd, options.BatchSize, options.LearningRate,
            options.LrDecay, options.Momentum, options.ClipNorm, options.MinEpochs, options.MaxEpochs, options.Patience)
        {
            Settings = RunSettings.Of(options),
        };

    /// <summary>η of a step of an epoch, both from 0; steps are those of the whole run.</summary>
    public double RateOf(int epoch, int step)
    {
        var rate = LearningRate / (1 + LrDecay * epoch);
        return step < WarmupSteps ? rate * (step + 1) / WarmupSteps : rate;
    }

    /// <summary>Whether gradients of this norm are scaled down.</summary>
    public bool Clips(double norm) => ClipNorm > 0 && norm > ClipNorm;
}

/// <summary>
/// Trains a tagger, with early stopping on dev F1; with a <see cref="LayerSelector{T}"/> it also chooses layers, and
/// only epochs with few enough of them count. The folder always holds the best model, smaller by the layers that were
/// deleted, beside the state to go on from.
/// <para>
/// Best is the highest dev F1, among equal ones the lowest dev loss: F1 alone takes epoch 1 where the first epochs all
/// have 0. Epochs without a better F1 are counted from the first F1 above 0 on. Where the loss is to choose, the best
/// is the lowest dev loss, and epochs without a lower one are counted from the first on.
/// </para>
/// </summary>
sealed class TaggerTrainer : IDisposable
{
    readonly Tagger<float> tagger;
    readonly TaggerVocabularies vocabularies;
    readonly TaggerSchedule schedule;
    readonly LayerSelector<float>? selector;
    readonly PruneOptions? pruning;
    readonly CheckpointFolder folder;
    readonly EncodedSentence[] train;
    readonly TaggerEvaluation dev;
    readonly string devWarning;
    readonly RepresentationCache representations;
    readonly Optimizer<float> optimizer;
    readonly RankGroup? ranks;
    readonly GradientExchange? exchange;
    TaggerPosition position;

    // Among several ranks, whether one was asked to leave: all leave at the same step.
    bool wantsToStop;

    /// <param name="tagger">Trained in place; the trainer does not dispose of it.</param>
    /// <param name="vocabularies">The tagger's.</param>
    /// <param name="schedule">Rates and epochs.</param>
    /// <param name="train">What it is trained on.</param>
    /// <param name="dev">What the best epoch is chosen by.</param>
    /// <param name="folder">Where the best model and the state to go on from are kept.</param>
    /// <param name="seed">Of every random draw.</param>
    /// <param name="pruning">Layer selection; null for plain training.</param>
    /// <param name="start">Checksum of what is pruned; null where it is not known.</param>
    /// <param name="sources">What the run begins with besides its text; null where that is not known.</param>
    /// <param name="ranks">The processes that train it together, each with some of a batch's sentences; null for
    /// one.</param>
    public TaggerTrainer(Tagger<float> tagger, TaggerVocabularies vocabularies, TaggerSchedule schedule,
        LabelledFile train, LabelledFile dev, CheckpointFolder folder, ulong seed, PruneOptions? pruning = null,
        string? start = null, TaggerSources? sources = null, RankGroup? ranks = null)
    {
        this.ranks = ranks;
        (this.tagger, this.vocabularies, this.schedule, this.folder, this.pruning) =
            (tagger, vocabularies, schedule, folder, pruning);
        this.train = [.. train.Sentences.Select(sentence => vocabularies.EncodeLabelled(sentence, train.Name))];
        this.dev = new TaggerEvaluation(vocabularies, dev);
        var types = SpanTypes.Of(vocabularies.Tags);
        devWarning = SpanTypes.Warning(dev, types, train.Name)
            + (types.Overlaps(SpanTypes.Of(dev.Sentences)) ? "" : " The loss alone tells the epochs apart.");
        if (schedule.StopBy == StopCriterion.Loss && !this.dev.HasLoss)
            throw new UserException($"{dev.Name}: every sentence has tags that {train.Name} never shows, so that there "
                + "is no dev loss to stop by: stop_by=f1 needs none.");
        selector = pruning is null ? null : LayerSelector<float>.Create(tagger, pruning);
        representations = new RepresentationCache(tagger, vocabularies.BackwardEnd);
        optimizer = Optimizers.Create(schedule.Optimizer, tagger, schedule.LearningRate, schedule.Momentum,
            ranks?.Shards);
        if (ranks is not null)
            exchange = new(ranks, tagger.Trainable().Select(entry => entry.Parameter), ranks.Options.BucketBytes);
        position = new()
        {
            Seed = seed,
            Sources = sources,
            Ranks = ranks?.Size ?? 1,
            Layout = $"{train.Sentences.Count} sentences of {train.WordCount} words, {schedule.BatchSize} a batch",
            Texts = $"texts of CRC-32C {TextChecksum.Of(train)} (train) and {TextChecksum.Of(dev)} (dev)"
                + (start is null ? "" : $", a tagger of CRC-32C {start}"),
        };
        if (ranks is null) return;
        ranks.RequireSame([("text", $"{position.Layout}, {position.Texts}")]);
        var batch = Math.Min(schedule.BatchSize, this.train.Length);
        if (batch < ranks.Size)
            throw new RankFailedException(batch, $"rank {batch} would have no sentence to train on: batches of {batch} "
                + $"are divided among {ranks.Size} ranks. Start fewer, or raise batch_size.", !ranks.IsFirst);
    }

    /// <summary>Goes on from the folder's last checkpoint.</summary>
    /// <exception cref="UserException">The checkpoint is of another text, of other settings, or damaged.</exception>
    /// <param name="progress">Told where it was saved by another number of ranks.</param>
    public void Resume(IProgress<WorkProgress>? progress = null)
    {
        position = Parse(TrainingState.Read(folder, tagger, optimizer, text =>
        {
            var read = Parse(text);
            TrainingState.RequireSame(folder, read.Layout, position.Layout);
            if (read.Texts is { } texts) TrainingState.RequireSame(folder, texts, position.Texts!);
            optimizer.LearningRate = read.LearningRate;
            return Scales();
        })) with { Texts = position.Texts };
        var saved = position.Ranks;
        position = position with { IsDone = IsDone(position), Ranks = ranks?.Size ?? 1 };
        if (!position.IsDone) RankGroup.NoteChange(folder.Root, saved, ranks, progress);
        if (ranks is null or { IsFirst: true }) folder.RewindMetrics();
    }

    /// <summary>Runs to the end or until cancelled; either way the folder holds where it stopped.</summary>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <param name="label">What the work is called in <paramref name="progress"/>; null: tagger, or layer
    /// selection.</param>
    public TaggerResult Run(IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default,
        string? label = null)
    {
        var words = train.Sum(sentence => (long)sentence.Length);
        using var unsaved = UnsavedWork.Begin();
        var clock = Stopwatch.StartNew();
        long wordsDone = 0;
        var sentBefore = ranks?.Traffic;
        var reporter = new WorkReporter(progress, label ?? (selector is null ? "tagger" : "layer selection"),
            words * schedule.MaxEpochs, "words");
        reporter.Advance(words * position.Epoch);
        if (devWarning.Length > 0) reporter.Note(devWarning);
        while (!position.IsDone)
        {
            var order = SentenceBatches.Shuffled(Array.ConvertAll(train, sentence => sentence.Length),
                schedule.BatchSize,
                new RandomStream(new RandomKey(position.Seed, (uint)position.Epoch, ShuffleSite)));
            while (position.Batch < order.Count)
            {
                if (ranks is null ? cancellation.IsCancellationRequested : wantsToStop) return Interrupted();
                var sentences = order[position.Batch];
                optimizer.LearningRate = schedule.RateOf(position.Epoch, position.Step);
                var (norm, loss) = Step(sentences, cancellation);
                position = position with
                {
                    Batch = position.Batch + 1, Step = position.Step + 1, LossSum = position.LossSum + loss,
                    ClippedSteps = position.ClippedSteps + (schedule.Clips(norm) ? 1 : 0),
                    GradientNormSum = position.GradientNormSum + norm,
                };
                var count = sentences.Sum(i => (long)train[i].Length);
                wordsDone += count;
                reporter.Advance(count, Detail());
            }
            try
            {
                reporter.Advance(0, EndEpoch(reporter, wordsDone / clock.Elapsed.TotalSeconds,
                    ranks is null ? cancellation : default));
            }
            catch (OperationCanceledException)
            {
                return Interrupted();
            }
        }
        if (pruning is not null && position.BestF1 < 0)
            throw new LayersLeftException(position.Epoch, selector!.Alive, pruning);
        return Result(interrupted: false);

        TaggerResult Interrupted()
        {
            // While layers are being selected there is no model to leave until one is small enough.
            Save(withModel: position.BestF1 < 0 && selector is null);
            return Result(interrupted: true);
        }

        TaggerResult Result(bool interrupted) =>
            new(position.BestF1, position.BestEpoch, position.Epoch,
                wordsDone / Math.Max(1e-9, clock.Elapsed.TotalSeconds), interrupted)
            {
                BestDevLoss = dev.HasLoss ? position.BestLoss : null,
                Traffic = ranks?.Traffic - sentBefore,
            };

        string Detail() => Invariant(
            $"epoch {position.Epoch + 1}, loss {position.LossSum / Math.Max(1, position.Batch):f3}")
            + (position.ClippedSteps == 0 ? "" : $", {position.ClippedSteps} of {position.Batch} steps clipped")
            + Standing();
    }

    string Standing()
    {
        var layers = selector is null ? "" : $", {selector.Alive} layers";
        return position.BestF1 < 0 ? layers
            : schedule.StopBy == StopCriterion.Loss
                ? Invariant($", best dev loss {position.BestLoss:f3} in epoch {position.BestEpoch}")
            : Invariant($"{layers}, best dev F1 {position.BestF1:f2} in epoch {position.BestEpoch}");
    }

    public void Dispose()
    {
        exchange?.Dispose();
        optimizer.Dispose();
        representations.Dispose();
    }

    // A site no forward pass reaches: they count draws from 0.
    const uint ShuffleSite = uint.MaxValue;

    StepOutcome Step(int[] sentences, CancellationToken cancellation)
    {
        using var scope = new TensorScope();
        try
        {
            using var tape = new Tape<float>();
            var loss = exchange is null ? Loss(sentences, default) : Exchange(tape, sentences, cancellation);
            if (exchange is null) tape.Backward(selector?.Penalty() is { } penalty ? loss.Add(penalty) : loss);
            optimizer.Step(schedule.ClipNorm > 0 ? schedule.ClipNorm : null, loss);
            var outcome = optimizer.Outcome();
            if (selector is null) return outcome;
            var alive = selector.Alive;
            selector.Proximal(optimizer.LearningRate);
            if (selector.Alive != alive) representations.Clear();
            return outcome;
        }
        catch (DivergedException error)
        {
            throw new TrainingDivergedException(Where, error, folder);
        }
    }

    Tensor<float> Loss(int[] sentences, RowShare share)
    {
        var batch = new TaggerBatch([.. sentences.Select(i => train[i])], vocabularies.BackwardEnd);
        Tensor<float>? representation;
        using (Tape<float>.NoGradient()) representation = representations.Get(batch, sentences, i => train[i]);
        return tagger.Loss(batch, ForwardContext.Training(position.Seed, position.Step, share), representation);
    }

    /// <summary>Loss and gradients of a batch whose sentences are divided among the ranks.</summary>
    Tensor<float> Exchange(Tape<float> tape, int[] sentences, CancellationToken cancellation)
    {
        var share = ranks!.ShareOf(sentences.Length);
        exchange!.Begin();
        FetchRows(sentences);
        var part = 0.0;
        // The last batch of an epoch may be of fewer sentences than there are ranks.
        if (share.Rows > 0)
        {
            int[] mine = [.. Enumerable.Range(0, share.Rows).Select(i => sentences[share.First + i * share.Stride])];
            var loss = Loss(mine, share).Scale((double)share.Rows / sentences.Length);
            tape.GradientReady = exchange.Ready;
            tape.Backward(loss);
            part = loss.Item();
        }
        var agreed = exchange.End(part, cancellation.IsCancellationRequested);
        wantsToStop = agreed.WantsToStop;
        return Tensor.Full(tagger.Backend, new Shape(), agreed.Loss);
    }

    // Of words and characters of the whole batch: all ranks know them.
    void FetchRows(int[] sentences)
    {
        if (ranks!.Shards is null) return;
        optimizer.FetchRows(tagger.WordEmbedding.Weight, [.. sentences.SelectMany(i => train[i].Words)]);
        optimizer.FetchRows(tagger.CharacterEmbedding.Weight, [.. sentences.SelectMany(i => train[i].Characters)]);
    }

    string Where => $"epoch {position.Epoch + 1}, batch {position.Batch + 1}";

    /// <summary>
    /// Scores the epoch, and saves it; its figures in a line. Cancelled: the epoch is to be scored again.
    /// </summary>
    string EndEpoch(WorkReporter reporter, double wordsPerSecond, CancellationToken cancellation)
    {
        // Ranks evaluate sentences of their own: each needs the rows that others keep.
        if (ranks?.Shards is not null) optimizer.Flush();
        var (report, devLoss) = dev.Measure(tagger, ranks, cancellation);
        var (trainLoss, epoch) = (position.LossSum / position.Batch, position.Epoch + 1);
        // A dev text whose tags are all unknown has no loss.
        var loss = devLoss ?? trainLoss;
        if (!double.IsFinite(loss))
            throw new TrainingDivergedException($"epoch {epoch}, dev",
                new(position.Step, "dev loss", loss, Invariant($"the dev loss is {loss}")), folder);
        var isEligible = selector is null || selector.Alive <= pruning!.Layers;
        var byLoss = schedule.StopBy == StopCriterion.Loss;
        var isLower = isEligible && !(loss >= position.BestLoss);
        var improves = byLoss ? isLower : isEligible && report.F1 > position.BestF1;
        var isBetter = improves || !byLoss && isLower && report.F1 == position.BestF1;
        var (clipped, steps, norm) =
            (position.ClippedSteps, position.Batch, position.GradientNormSum / position.Batch);
        position = position with
        {
            Epoch = epoch,
            Batch = 0,
            LossSum = 0,
            ClippedSteps = 0,
            GradientNormSum = 0,
            BestF1 = isBetter ? report.F1 : position.BestF1,
            BestEpoch = isBetter ? epoch : position.BestEpoch,
            BestLoss = isBetter ? loss : position.BestLoss,
        };
        position = position with
        {
            EpochsWithoutImprovement = improves || !byLoss && position.BestF1 <= 0 ? 0
                : position.EpochsWithoutImprovement + (isEligible ? 1 : 0),
        };
        position = position with { IsDone = IsDone(position) };
        var figures = Invariant($"loss {trainLoss:f3}")
            + (devLoss is { } known ? Invariant($", dev loss {known:f3}") : "")
            + Invariant($", dev F1 {report.F1:f2}");
        var gradients = Invariant($", gradient norm {norm:f2}")
            + (schedule.ClipNorm > 0 ? $", {clipped} of {steps} steps clipped" : "");
        var scales = selector is null ? ""
            : $", {selector.Alive} layers, z "
            + $"{string.Join(' ', selector.ScaleValues.Select(z => Invariant($"{z:f2}")))}";
        reporter.Note($"epoch {epoch}: {figures}{(isBetter ? " (best)" : "")}{gradients}{scales}");
        if (ranks is null or { IsFirst: true })
            folder.AppendMetrics(JsonSerializer.Serialize(
                new TaggerMetrics(epoch, position.Step, trainLoss, devLoss, report.F1, optimizer.LearningRate,
                    Math.Round(wordsPerSecond, 1), norm, clipped, selector?.Alive, selector?.ScaleValues),
                TrainingJson.Default.TaggerMetrics));
        Save(withModel: isBetter);
        return $"epoch {epoch}, {figures}{Standing()}";
    }

    bool IsDone(TaggerPosition place) => place.Epoch >= schedule.MaxEpochs
        || place.EpochsWithoutImprovement >= schedule.Patience && place.Epoch >= schedule.MinEpochs;

    // The best model stays in the folder while training goes on from the last one.
    void Save(bool withModel)
    {
        position = position with { LearningRate = optimizer.LearningRate };
        var tensors = TrainingState.Collect(optimizer);
        if (ranks is null or { IsFirst: true }) Write(withModel, tensors);
        else if (withModel && ranks.Shards is not null) optimizer.WhileFlushed(() => { });
        // Nobody goes on before it is written.
        ranks?.FromFirst([]);
    }

    void Write(bool withModel, IReadOnlyList<NamedTensor> tensors)
    {
        try
        {
            folder.Save(writer =>
            {
                var text = JsonSerializer.Serialize(position, TrainingJson.Default.TaggerPosition);
                TrainingState.Write(writer, tagger, optimizer, tensors, text, Scales());
                RunSettings.Write(writer, schedule.Settings);
                if (withModel) optimizer.WhileFlushed(() => WriteModel(writer));
                else writer.KeepAllBut([TrainingState.FileName, RunSettings.FileName], folder);
            });
        }
        catch (DivergedException error)
        {
            throw new TrainingDivergedException(Where, error, folder);
        }
    }

    void WriteModel(CheckpointWriter writer)
    {
        using var smaller = selector is null ? null : tagger.DeleteLayers();
        TaggerFolder.Write(writer, smaller ?? tagger, vocabularies);
    }

    TaggerPosition Parse(string text) => TrainingPosition.Tagger(text, folder.PathOf(TrainingState.FileName));

    // Scales that a method changes without training them belong to the state too.
    IEnumerable<(string Name, Tensor<float> Value)> Scales()
    {
        if (selector is null) yield break;
        if (tagger.Forward!.Scale is { RequiresGradient: false } forward) yield return ("forward_scale", forward);
        if (tagger.Backward!.Scale is { RequiresGradient: false } backward) yield return ("backward_scale", backward);
    }
}
