using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Tests.Training;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Distributed;

/// <summary>
/// Several ranks train what one rank with the whole batch trains: to rounding against it, to the bit among themselves
/// and from run to run. With dropouts, clipping, layer dropout, tables by rows and softmax tails that some ranks do not
/// see.
/// </summary>
public sealed class RankTrainingTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    static LanguageModelOptions Options { get; } = SmallCorpus.LanguageModel with
    {
        BatchSize = 7, Layers = 3, LayerDropout = 0.3, Dropout = 0.2, Cutoffs = [6, 12], ClipNorm = 0.5, MaxEpochs = 12,
        Steps = 4, EpochBatches = 60,
    };

    [Theory, InlineData(2), InlineData(3), InlineData(7)]
    public void LanguageModelIsThatOfOneRank(int size)
    {
        LanguageModel(1, "one", Options);
        LanguageModel(size, "several", Options);
        // 12 passes of about 22 steps.
        Assert.InRange(Steps("one"), 200, 400);
        Assert.Equal(Steps("one"), Steps("several"));
        SameToRounding("one", "several", 2e-3);
    }

    [Fact]
    public void OneStepIsThatOfOneRankToTheLastBits()
    {
        var options = Options with { MaxTokens = 1 };
        LanguageModel(1, "one", options);
        LanguageModel(3, "several", options);
        Assert.Equal(1, Steps("one"));
        SameToRounding("one", "several", 2e-6);
        var (one, several) = (SmallCorpus.Tagger with { MaxEpochs = 1, BatchSize = 20 }, 3);
        Tagger(1, "tagger-one", one);
        Tagger(several, "tagger-several", one);
        SameToRounding("tagger-one", "tagger-several", 2e-6);
    }

    [Theory, InlineData(OptimizerKind.Adam), InlineData(OptimizerKind.Sgd), InlineData(OptimizerKind.Adagrad),
        InlineData(OptimizerKind.Adadelta)]
    public void EveryOptimizerIsThatOfOneRank(OptimizerKind optimizer)
    {
        var options = Options with { Optimizer = optimizer, MaxEpochs = 1 };
        LanguageModel(1, "one", options);
        LanguageModel(2, "two", options);
        SameToRounding("one", "two", 1e-4);
    }

    [Fact]
    public void TheSameRunHasTheSameBits()
    {
        LanguageModel(3, "a", Options with { MaxEpochs = 2 });
        LanguageModel(3, "b", Options with { MaxEpochs = 2 });
        SameBits("a", "b");
        // However the gradients are divided: in the memory of threads they are added in the order of the ranks.
        LanguageModel(3, "c", Options with { MaxEpochs = 2 }, bucketBytes: 1);
        SameBits("a", "c");
    }

    /// <summary>
    /// Each rank keeps a part of every tensor, of which some have fewer numbers than there are ranks; the same numbers
    /// are added in the same order.
    /// </summary>
    [Theory, InlineData(OptimizerKind.Adam, 2), InlineData(OptimizerKind.Adam, 7), InlineData(OptimizerKind.Sgd, 3),
        InlineData(OptimizerKind.Adagrad, 3), InlineData(OptimizerKind.Adadelta, 2)]
    public void AShardedOptimizerTrainsToTheSameBits(OptimizerKind optimizer, int size)
    {
        var options = Options with { Optimizer = optimizer, MaxEpochs = 3, Patience = 0, Decay = 0.5 };
        LanguageModel(size, "whole", options);
        LanguageModel(size, "sharded", options, sharded: true);
        SameBits("whole", "sharded");
    }

    [Theory, InlineData(2), InlineData(3)]
    public void AShardedTaggerIsThatOfOneRank(int size)
    {
        var options = SmallCorpus.Tagger with { BatchSize = 6, Dropout = 0.4, Momentum = 0.9, ClipNorm = 1 };
        Tagger(1, "one", options);
        Tagger(size, "sharded", options, sharded: true);
        // The models: in the state of one rank, rows that dev text does not have are left behind.
        SameTensors.ToRounding(PathOf("one", "model.safetensors"), PathOf("sharded", "model.safetensors"), 1e-4);
    }

    [Fact]
    public void AShardedRunGoesOnToTheSameBitsShardedOrNot()
    {
        var options = Options with { MaxEpochs = 2 };
        LanguageModel(3, "whole", options);
        LanguageModel(3, "torn", options, stopAfter: 9, sharded: true);
        Assert.Equal(9, Steps("torn"));
        LanguageModel(3, "torn", options, resume: true, stopAfter: 9, sharded: true);
        Assert.Equal(18, Steps("torn"));
        LanguageModel(3, "torn", options, resume: true);
        SameBits("whole", "torn");
        Tagger(2, "tagger-whole", SmallCorpus.Tagger, sharded: true);
        Tagger(2, "tagger-torn", SmallCorpus.Tagger, stopAfter: 3, sharded: true);
        Tagger(2, "tagger-torn", SmallCorpus.Tagger, resume: true, sharded: true);
        SameBits("tagger-whole", "tagger-torn");
    }

    /// <summary>Two moments of every parameter: each rank's part, of all ranks together no more than one has.</summary>
    [Fact]
    public void RanksKeepPartsOfTheState()
    {
        long Elements(IStateShards? shards)
        {
            var backend = new CpuBackend<float>(new CpuDevice(1));
            using var model = new LanguageModel<float>(backend, Options, 18);
            using var optimizer = new Adam<float>(model.Trainable(), shards: shards);
            return optimizer.State.Sum(state => state.Part.Shape.Count);
        }

        var parts = ThreadLink.Run(5, ranks => Elements(ranks));
        Assert.Equal(Elements(null), parts.Sum());
        Assert.All(parts, part => Assert.InRange(part, 1, Elements(null) * 2 / 5));
    }

    [Fact]
    public void ARowThatWasNotFetchedIsRefused()
    {
        var said = ThreadLink.Run(2, ranks =>
        {
            var backend = new CpuBackend<float>(new CpuDevice(1));
            using var table = new Parameter<float>(backend, new Shape(4, 2), byRows: true);
            using var optimizer = new Adam<float>([("table", table)], shards: ranks);
            void Step()
            {
                using var scope = new TensorScope();
                using var tape = new Tape<float>();
                tape.Backward(table.GatherRows(new IntTensor(backend.Device, [0, 3])).Sum());
                optimizer.Step();
            }

            Step();
            var refused = Assert.Throws<InvalidOperationException>(Step).Message;
            optimizer.FetchRows(table, [3, 0, -1, 3]);
            Step();
            return refused;
        });
        Assert.All(said, one => Assert.Contains("Row 0 may be of another shard", one, StringComparison.Ordinal));
    }

    [Theory, InlineData(2), InlineData(3)]
    public void TaggerIsThatOfOneRank(int size)
    {
        // 20 sentences in batches of 6: the last one has 2, so that of three ranks one has none.
        var options = SmallCorpus.Tagger with { BatchSize = 6, Dropout = 0.4, Momentum = 0.9, ClipNorm = 1 };
        Tagger(1, "one", options);
        Tagger(size, "several", options);
        SameToRounding("one", "several", 1e-4);
        Assert.Equal(File.ReadAllLines(PathOf("one", "metrics.jsonl")).Length,
            File.ReadAllLines(PathOf("several", "metrics.jsonl")).Length);
    }

    [Fact]
    public void InterruptedRanksGoOnToTheSameBits()
    {
        LanguageModel(2, "whole", Options with { MaxEpochs = 2 });
        Assert.True(LanguageModel(2, "torn", Options with { MaxEpochs = 2 }, stopAfter: 9).WasInterrupted);
        Assert.Equal(9, Steps("torn"));
        LanguageModel(2, "torn", Options with { MaxEpochs = 2 }, resume: true);
        SameBits("whole", "torn");
        Tagger(2, "tagger-whole", SmallCorpus.Tagger);
        Assert.True(Tagger(2, "tagger-torn", SmallCorpus.Tagger, stopAfter: 3).WasInterrupted);
        Tagger(2, "tagger-torn", SmallCorpus.Tagger, resume: true);
        SameBits("tagger-whole", "tagger-torn");
    }

    [Fact]
    public void AnotherNumberOfRanksGoesOnAndSaysThatBitsDiffer()
    {
        var options = Options with { MaxEpochs = 2 };
        LanguageModel(1, "whole", options);
        LanguageModel(2, "torn", options, stopAfter: 9);
        var heard = new CancelledProgress(int.MaxValue);
        LanguageModel(3, "torn", options, resume: true, heard: heard);
        Assert.Contains(heard.Reports, report => report.Message is { } said
            && said.Contains("saved by 2 ranks, goes on with 3 ranks", StringComparison.Ordinal));
        SameToRounding("whole", "torn", 1e-4);
        heard = new CancelledProgress(int.MaxValue);
        LanguageModel(1, "torn", options with { MaxEpochs = 3 }, resume: true, heard: heard);
        Assert.Contains(heard.Reports, report => report.Message is { } said
            && said.Contains("saved by 3 ranks, goes on with one process", StringComparison.Ordinal));
        // What is over does not go on.
        heard = new CancelledProgress(int.MaxValue);
        LanguageModel(2, "torn", options with { MaxEpochs = 3 }, resume: true, heard: heard);
        Assert.DoesNotContain(heard.Reports, report =>
            report.Message?.Contains("goes on", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void ARankWithoutDataIsNamed()
    {
        TestFiles.Refused(() => LanguageModel(8, "none", Options), "rank 7 would have no stream to train on");
        TestFiles.Refused(() => Tagger(6, "tagger", SmallCorpus.Tagger), "rank 5 would have no sentence to train on");
    }

    [Fact]
    public void AFailureOnOneRankEndsTheOthers() => TestFiles.Refused(() => ThreadLink.Run(3, ranks =>
    {
        if (ranks.Rank == 2) throw new UserException("the disk is full");
        ranks.Gather<int>([1]);
        return 0;
    }), "the disk is full");

    [Fact]
    public void WhatRanksWereStartedWithIsCompared() => TestFiles.Refused(() => ThreadLink.Run(3, ranks =>
    {
        ranks.RequireSame([("version", "1"), ("seed", ranks.Rank == 2 ? "5" : "4")]);
        return 0;
    }), "rank 2 was started with another seed than rank 0: 5 there, 4 here");

    [Fact]
    public void BytesOnTheWireAreCounted()
    {
        var traffic = ThreadLink.Run(4, ranks =>
        {
            var before = ranks.Traffic;
            ranks.Gather<int>(new int[ranks.Rank]);
            return ranks.Traffic - before;
        });
        // Lengths of 4 bytes and the numbers themselves, to three others.
        Assert.Equal([12, 24, 36, 48], traffic.Select(one => one.Bytes));
        Assert.All(traffic, one => Assert.Equal(2, one.Exchanges));
    }

    LanguageModelResult LanguageModel(int size, string folder, LanguageModelOptions options, bool resume = false,
        int stopAfter = int.MaxValue, long bucketBytes = 300, CancelledProgress? heard = null, bool sharded = false) =>
        Run(size, bucketBytes, sharded, (backend, ranks) =>
        {
            var vocabulary = Vocabulary.ForLanguageModel(TokenCounts.Of(SmallCorpus.Text), rareCount: 0);
            var config = new LanguageModelConfig(LanguageModelConfig.KindName, "forward", vocabulary.Count, options);
            using var trainer = new LanguageModelTrainer(backend, config, vocabulary,
                TokenArray.Encode(SmallCorpus.Text, vocabulary), TokenArray.Encode(SmallCorpus.ValidText, vocabulary),
                new CheckpointFolder(files.PathOf(folder)), seed: 1, ranks: ranks);
            // One rank alone is asked to leave: all do.
            var progress = ranks is null or { Rank: 0 } ? heard ?? new(stopAfter) : new CancelledProgress(int.MaxValue);
            if (resume) trainer.Resume(progress: progress);
            return trainer.Run(progress, progress.Token);
        });

    TaggerResult Tagger(int size, string folder, TaggerOptions options, bool resume = false,
        int stopAfter = int.MaxValue, bool sharded = false) => Run(size, 300, sharded, (backend, ranks) =>
        {
            using var loaded = TaggerSetup.Create(backend, options, SmallCorpus.Train);
            using var trainer = new TaggerTrainer(loaded.Tagger, loaded.Vocabularies, TaggerSchedule.Of(options),
                SmallCorpus.Train, SmallCorpus.Dev, new CheckpointFolder(files.PathOf(folder)), seed: 1, ranks: ranks);
            var progress = new CancelledProgress(ranks is null or { Rank: 0 } ? stopAfter : int.MaxValue);
            if (resume) trainer.Resume(progress);
            return trainer.Run(progress, progress.Token);
        });

    static T Run<T>(int size, long bucketBytes, bool sharded, Func<CpuBackend<float>, RankGroup?, T> train)
    {
        if (size == 1) return train(new(new CpuDevice(1)), null);
        return ThreadLink.Run(size, ranks => train(new(new CpuDevice(1)), ranks),
            new() { BucketBytes = bucketBytes, ShardsOptimizer = sharded })[0];
    }

    string PathOf(string folder, string file) => Path.Combine(files.PathOf(folder), file);

    int Steps(string folder) => TrainingPosition.LanguageModel(
        TrainingState.ReadPosition(new CheckpointFolder(files.PathOf(folder))), folder).Step;

    void SameBits(string one, string other)
    {
        foreach (var name in new[] { "model.safetensors", "training.safetensors" })
            Assert.Equal(File.ReadAllBytes(PathOf(one, name)), File.ReadAllBytes(PathOf(other, name)));
    }

    /// <summary>Parameters, optimizer's state and carried state, each to a share of its largest number.</summary>
    void SameToRounding(string one, string other, double tolerance) => SameTensors.ToRounding(
        PathOf(one, "training.safetensors"), PathOf(other, "training.safetensors"), tolerance);
}
