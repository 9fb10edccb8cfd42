using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>
/// Where a run stands: with the tensors of training.safetensors, all that it needs to go on to the same bits.
/// </summary>
sealed record LanguageModelPosition
{
    /// <summary>Passes over the corpus completed, and the chunk that comes next in this one.</summary>
    public int Pass { get; init; }
    public int Chunk { get; init; }

    /// <summary>Optimizer steps taken.</summary>
    public int Step { get; init; }

    public long Tokens { get; init; }
    public double LearningRate { get; init; }

    /// <summary>Losses since the last evaluation ("epoch"): sum and number of batches.</summary>
    public double LossSum { get; init; }
    public int LossCount { get; init; }

    public double BestLoss { get; init; } = double.MaxValue;
    [JsonPropertyName("looks_without_better")]
    public int EvaluationsWithoutImprovement { get; init; }

    /// <summary>Last validation perplexity; 0 before the first.</summary>
    public double Perplexity { get; init; }

    public bool HasState { get; init; }
    public bool IsDone { get; init; }
    public ulong Seed { get; init; }

    /// <summary>Processes that trained it together; with another number sums are added in another order.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>
    /// What the positions count in: a run over another text or in other chunks cannot go on from them.
    /// </summary>
    public string Layout { get; init; } = "";

    /// <summary>CRC-32C of the training and validation text; null in what was saved before they were kept.</summary>
    public string? Texts { get; init; }
}

/// <summary>What a finished or interrupted run came to.</summary>
/// <param name="Passes">Passes over the corpus completed, those of a resumed run among them.</param>
/// <param name="Tokens">Tokens trained on, those of a resumed run among them.</param>
/// <param name="TokensPerSecond">Of this run alone, evaluations included.</param>
/// <param name="WasInterrupted">Whether it was cancelled, and can be resumed.</param>
public sealed record LanguageModelResult(int Passes, long Tokens, double TokensPerSecond, bool WasInterrupted)
{
    /// <summary>What this rank exchanged with others in this run, evaluations and checkpoints included; null for one
    /// process.</summary>
    public RankTraffic? Traffic { get; init; }
}

/// <summary>
/// Trains one language model: truncated BPTT over contiguous streams, the state carried from chunk to chunk and reset
/// at each pass's start, clipped gradients, and the learning rate lowered when the training loss of several evaluations
/// did not improve (LD-Net, section 4.1).
/// </summary>
sealed class LanguageModelTrainer : IDisposable
{
    readonly LanguageModelConfig config;
    readonly LanguageModel<float> model;
    readonly Vocabulary vocabulary;
    readonly CheckpointFolder folder;
    readonly Func<int, BpttStream> streamOf;
    readonly ITokenSequence valid;
    readonly Optimizer<float> optimizer;
    readonly RankGroup? ranks;
    readonly GradientExchange? exchange;
    LanguageModelPosition position;

    // Among several ranks, whether one was asked to leave: all leave at the same step.
    bool wantsToStop;

    // Of the pass that the position is in.
    BpttStream stream;
    readonly CarriedState state = new();

    // Of the model as it is now; none after a step.
    PerplexityReport? evaluation;

    // A site no forward pass reaches: they count draws from 0.
    const uint ShardSite = uint.MaxValue;

    /// <param name="backend">Where the model is trained.</param>
    /// <param name="config">Its direction and options.</param>
    /// <param name="vocabulary">Of both texts.</param>
    /// <param name="train">What it is trained on.</param>
    /// <param name="valid">What it is evaluated on.</param>
    /// <param name="folder">Where the model and the state to go on from are kept.</param>
    /// <param name="seed">Of every random draw.</param>
    /// <param name="shards">Tokens of each shard of the training text, to be read in an order of each pass's own; null
    /// to read the text as it is.</param>
    /// <param name="ranks">The processes that train it together, each with some of the streams; null for one.</param>
    public LanguageModelTrainer(DeviceBackend<float> backend, LanguageModelConfig config, Vocabulary vocabulary,
        ITokenSequence train, ITokenSequence valid, CheckpointFolder folder, ulong seed,
        IReadOnlyList<long>? shards = null, RankGroup? ranks = null)
    {
        this.ranks = ranks;
        (this.config, this.vocabulary, this.valid, this.folder) = (config, vocabulary, valid, folder);
        model = new LanguageModel<float>(backend, config.Options, config.Words);
        model.Initialize(new RandomStream(new RandomKey(seed, 0, config.IsBackward ? 2u : 1u)));
        optimizer = Optimizers.Create(config.Options.Optimizer, model, config.Options.LearningRate, momentum: 0,
            ranks?.Shards);
        if (ranks is not null)
            exchange = new(ranks, model.Trainable().Select(entry => entry.Parameter), ranks.Options.BucketBytes);
        streamOf = pass => BpttStream.ForTraining(
            shards is null ? train : new ShuffledShards(train, shards, new RandomKey(seed, (uint)pass, ShardSite)),
            vocabulary.SentenceEndId, config.Options.BatchSize, config.Options.Steps,
            config.IsBackward);
        stream = streamOf(0);
        position = new()
        {
            LearningRate = config.Options.LearningRate,
            Seed = seed,
            Ranks = ranks?.Size ?? 1,
            Layout = $"{train.Count} tokens in {stream.Streams} streams of {stream.Steps} steps",
            Texts = $"texts of CRC-32C {TextChecksum.Of(train)} (train) and {TextChecksum.Of(valid)} (valid)",
        };
        if (ranks is null) return;
        ranks.RequireSame([("text", $"{position.Layout}, {position.Texts}")]);
        RequireStreams(ranks, stream.Streams);
    }

    /// <exception cref="RankFailedException">A rank would have none.</exception>
    internal static void RequireStreams(RankGroup ranks, int streams)
    {
        if (streams < ranks.Size)
            throw new RankFailedException(streams, $"rank {streams} would have no stream to train on: "
                + $"batch_size={streams} is divided among {ranks.Size} ranks. Start fewer, or raise batch_size.",
                isReported: !ranks.IsFirst);
    }

    /// <summary>Tokens that the whole run will train on.</summary>
    public long TotalTokens =>
        Math.Min(config.Options.MaxTokens == 0 ? long.MaxValue : config.Options.MaxTokens,
            config.Options.MaxEpochs * stream.TargetCount);

    /// <summary>Goes on from the folder's last checkpoint.</summary>
    /// <param name="learningRate">The rate from here on; null: as it was.</param>
    /// <exception cref="UserException">The checkpoint is of another text, of other settings, or damaged.</exception>
    /// <param name="progress">Told where it was saved by another number of ranks.</param>
    public void Resume(double? learningRate = null, IProgress<WorkProgress>? progress = null)
    {
        var whole = ranks is null ? state : new CarriedState();
        position = Parse(TrainingState.Read(folder, model, optimizer, text =>
        {
            var read = Parse(text);
            TrainingState.RequireSame(folder, read.Layout, position.Layout);
            if (read.Texts is { } texts) TrainingState.RequireSame(folder, texts, position.Texts!);
            optimizer.LearningRate = read.LearningRate;
            if (read.HasState) whole.Allocate(model.Backend, stream.Streams, StateShape());
            return whole.Tensors;
        })) with { Texts = position.Texts };
        if (ranks is not null)
        {
            state.TakeFrom(whole, ranks.ShareOf(stream.Streams), model.Backend);
            whole.Reset();
        }
        var saved = position.Ranks;
        position = position with { Ranks = ranks?.Size ?? 1 };
        stream = streamOf(position.Pass);
        position = position with { IsDone = IsDone(position) };
        if (!position.IsDone) RankGroup.NoteChange(folder.Root, saved, ranks, progress);
        if (learningRate is { } rate) position = position with { LearningRate = optimizer.LearningRate = rate };
        if (ranks is null or { IsFirst: true }) folder.RewindMetrics();
    }

    /// <summary>Runs to the end or until cancelled; either way the folder holds where it stopped.</summary>
    public LanguageModelResult Run(IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var unsaved = UnsavedWork.Begin();
        var clock = Stopwatch.StartNew();
        var before = position.Tokens;
        var sentBefore = ranks?.Traffic;
        var reporter = new WorkReporter(progress, $"{config.Direction} language model", TotalTokens, "tokens");
        reporter.Advance(position.Tokens);
        while (!position.IsDone || position.LossCount > 0)
        {
            if (ranks is null ? cancellation.IsCancellationRequested : wantsToStop) return Interrupted();
            if (IsEvaluationDue)
            {
                try
                {
                    Evaluate(reporter, before, clock, ranks is null ? cancellation : default);
                    continue;
                }
                catch (OperationCanceledException)
                {
                    return Interrupted();
                }
            }
            var chunk = stream.Chunk(position.Chunk);
            var loss = Step(chunk, cancellation);
            reporter.Advance(chunk.TargetCount, Figures(loss));
            var passEnds = position.Chunk + 1 == stream.ChunkCount;
            position = position with
            {
                Pass = position.Pass + (passEnds ? 1 : 0),
                Chunk = passEnds ? 0 : position.Chunk + 1,
                Step = position.Step + 1,
                Tokens = position.Tokens + chunk.TargetCount,
                LossSum = position.LossSum + loss,
                LossCount = position.LossCount + 1,
            };
            if (passEnds)
            {
                state.Reset();
                stream = streamOf(position.Pass);
            }
            position = position with { IsDone = IsDone(position) };
        }
        return Result(interrupted: false);

        LanguageModelResult Interrupted()
        {
            Save();
            return Result(interrupted: true);
        }

        LanguageModelResult Result(bool interrupted) => new(position.Pass, position.Tokens, Rate(), interrupted)
        {
            Traffic = ranks?.Traffic - sentBefore,
        };

        double Rate() => (position.Tokens - before) / Math.Max(1e-9, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Perplexity on the validation text as the model is now.</summary>
    public PerplexityReport Evaluate(CancellationToken cancellation = default)
    {
        if (evaluation is not null) return evaluation;
        optimizer.Flush();
        return evaluation = LanguageModelEvaluation.Perplexity(model, valid, vocabulary.SentenceEndId, config, ranks,
            cancellation);
    }

    bool IsEvaluationDue => position.LossCount > 0
        && (position.LossCount == config.Options.EpochBatches || position.Chunk == 0 || position.IsDone);

    bool IsDone(LanguageModelPosition place) =>
        place.Pass >= config.Options.MaxEpochs || place.Tokens >= TotalTokens;

    string Figures(double loss) => Invariant($"perplexity {Math.Exp(loss):f1}")
        + (position.Perplexity > 0 ? Invariant($", valid perplexity {position.Perplexity:f2}") : "");

    public void Dispose()
    {
        state.Reset();
        exchange?.Dispose();
        optimizer.Dispose();
        model.Dispose();
    }

    double Step(BpttChunk whole, CancellationToken cancellation)
    {
        var device = model.Backend.Device;
        using var scope = new TensorScope();
        evaluation = null;
        try
        {
            using var tape = new Tape<float>();
            var share = ranks?.ShareOf(whole.Streams) ?? default;
            var chunk = ranks is null ? whole : whole.Part(share);
            var (inputs, targets) = (new IntTensor(device, chunk.Inputs), new IntTensor(device, chunk.Targets));
            var context = ForwardContext.Training(position.Seed, position.Step, share);
            optimizer.FetchRows(model.WordEmbedding.Weight, whole.Inputs);
            var (losses, final) = model.Losses(inputs, targets, chunk.Steps, chunk.Streams, state.Layers, context);
            var mean = losses.Mean();
            if (exchange is null) tape.Backward(mean);
            else mean = Exchange(tape, mean.Scale((double)chunk.Streams / whole.Streams), cancellation);
            optimizer.Step(config.Options.ClipNorm > 0 ? config.Options.ClipNorm : null, mean);
            state.CopyFrom(final, model.Backend);
            return optimizer.Outcome().Loss;
        }
        catch (DivergedException error)
        {
            throw new TrainingDivergedException(Where, error, folder);
        }
    }

    /// <summary>Backward, and the ranks' gradients added on the way; the loss of them all.</summary>
    Tensor<float> Exchange(Tape<float> tape, Tensor<float> part, CancellationToken cancellation)
    {
        exchange!.Begin();
        tape.GradientReady = exchange.Ready;
        tape.Backward(part);
        var agreed = exchange.End(part.Item(), cancellation.IsCancellationRequested);
        wantsToStop = agreed.WantsToStop;
        return Tensor.Full(model.Backend, new Shape(), agreed.Loss);
    }

    string Where => $"{config.Direction} language model, pass {position.Pass + 1}, batch {position.Chunk + 1}";

    /// <summary>One evaluation: validation, learning rate, checkpoint.</summary>
    void Evaluate(WorkReporter reporter, long tokensBefore, Stopwatch clock, CancellationToken cancellation)
    {
        var train = position.LossSum / position.LossCount;
        var better = train < position.BestLoss;
        var without = better ? 0 : position.EvaluationsWithoutImprovement + 1;
        var lowers = without > config.Options.Patience;
        var perplexity = Evaluate(cancellation).Perplexity;
        if (!double.IsFinite(perplexity) || !double.IsFinite(Math.Exp(train)))
            throw new TrainingDivergedException(Where, new(position.Step, "perplexity", perplexity,
                Invariant($"the perplexity is {Math.Exp(train)} in training, {perplexity} in validation")),
                folder);
        position = position with
        {
            LossSum = 0,
            LossCount = 0,
            BestLoss = Math.Min(train, position.BestLoss),
            EvaluationsWithoutImprovement = lowers ? 0 : without,
            LearningRate = position.LearningRate * (lowers ? config.Options.Decay : 1),
            Perplexity = perplexity,
        };
        optimizer.LearningRate = position.LearningRate;
        reporter.Note($"pass {position.Pass + (position.Chunk == 0 ? 0 : 1)}, step {position.Step}: " + Invariant(
            $"train perplexity {Math.Exp(train):f2}, valid {perplexity:f2}, learning ")
            + Invariant($"rate {position.LearningRate:g3}"));
        reporter.Advance(0, Figures(train));
        var rate = Math.Round((position.Tokens - tokensBefore) / clock.Elapsed.TotalSeconds, 1);
        var metrics = new LanguageModelMetrics(position.Pass, position.Step, position.Tokens, train, Math.Exp(train),
            perplexity, position.LearningRate, rate);
        if (ranks is null or { IsFirst: true })
            folder.AppendMetrics(JsonSerializer.Serialize(metrics, TrainingJson.Default.LanguageModelMetrics));
        Save();
    }

    void Save()
    {
        position = position with { HasState = state.Layers is not null };
        var tensors = TrainingState.Collect(optimizer);
        if (ranks is null)
        {
            Save(state, tensors);
            return;
        }
        var whole = state.Together(ranks, model.Backend, stream.Streams);
        if (ranks.IsFirst) Save(whole, tensors);
        else if (ranks.Shards is not null) optimizer.WhileFlushed(() => { });
        whole.Reset();
        // Nobody goes on before it is written.
        ranks.FromFirst([]);
    }

    void Save(CarriedState whole, IReadOnlyList<NamedTensor> tensors)
    {
        try
        {
            folder.Save(writer =>
            {
                var text = JsonSerializer.Serialize(position, TrainingJson.Default.LanguageModelPosition);
                TrainingState.Write(writer, model, optimizer, tensors, text, whole.Tensors);
                optimizer.WhileFlushed(() => LanguageModelFolder.Write(writer, config, model, vocabulary));
            });
        }
        catch (DivergedException error)
        {
            throw new TrainingDivergedException(Where, error, folder);
        }
    }

    (int Hidden, bool HasCell)[] StateShape() =>
        [.. model.Stack.Shape.Hidden.Select(hidden => (hidden, model.Stack.Shape.Unit.Traits().HasCell))];

    LanguageModelPosition Parse(string text)
    {
        var source = folder.PathOf(TrainingState.FileName);
        var read = TrainingPosition.LanguageModel(text, source);
        return read.Chunk < stream.ChunkCount || read.Layout != position.Layout ? read
            : throw new UserException($"{source}: chunk {read.Chunk} of {stream.ChunkCount}: damaged or edited.");
    }
}

/// <summary>A line of metrics.jsonl. Losses in nats a token.</summary>
sealed record LanguageModelMetrics(int Pass, int Step, long Tokens, double TrainLoss, double TrainPerplexity,
    double ValidPerplexity, double LearningRate, double TokensPerSecond);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LanguageModelPosition))]
[JsonSerializable(typeof(LanguageModelMetrics))]
[JsonSerializable(typeof(TaggerPosition))]
[JsonSerializable(typeof(TaggerMetrics))]
[JsonSerializable(typeof(SavedRun))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
sealed partial class TrainingJson : JsonSerializerContext;
