using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>A temperature changes how sure a tagger says it is, and nothing else.</summary>
public sealed class TaggerCalibrationTests : IClassFixture<TaggerCalibrationTests.TrainedTagger>, IDisposable
{
    const int Epochs = 25;

    static readonly LabelledFile Text = SmallCorpus.Train;

    static readonly TextTaggerOptions Everything =
        new() { WithConfidence = true, WithSpanConfidence = true, Readings = 3 };

    readonly CpuBackend<float> backend = new(new CpuDevice(1));
    readonly TestFiles files = TestFiles.InMemory();
    readonly string folder;
    readonly LoadedTagger loaded;

    public TaggerCalibrationTests(TrainedTagger trained)
    {
        folder = files.PathOf("tagger");
        foreach (var file in Directory.EnumerateFiles(trained.Folder, "*", SearchOption.AllDirectories))
            files.Write(Path.Combine("tagger", Path.GetRelativePath(trained.Folder, file)), File.ReadAllBytes(file));
        loaded = TaggerFolder.Load(backend, folder);
    }

    /// <summary>Until it knows its text's names.</summary>
    public sealed class TrainedTagger : IDisposable
    {
        readonly TestFiles files = TestFiles.InMemory();

        public TrainedTagger() => Train(Folder, Epochs, resume: false);

        public string Folder => files.PathOf("trained");

        internal static void Train(string folder, int epochs, bool resume) =>
            TaggerRun.Train(new CpuBackend<float>(new CpuDevice(1)), new()
            {
                Train = Text, Dev = Text, Output = folder, Resume = resume,
                Configure = _ => SmallCorpus.Tagger with { MaxEpochs = epochs, LearningRate = 0.2, LrDecay = 0 },
            });

        public void Dispose() => files.Dispose();
    }

    public void Dispose()
    {
        loaded.Dispose();
        files.Dispose();
    }

    [Fact]
    public void TheFittedTemperatureHasTheLeastLoss()
    {
        var calibration = new TaggerCalibration(loaded, Text);
        var fitted = calibration.Fit();
        double Loss(double temperature) => calibration.Measure(temperature).Loss!.Value;
        Assert.Equal((fitted.LossBefore, fitted.LossAfter), (Loss(1), Loss(fitted.Temperature)));
        Assert.InRange(fitted.Temperature, 1.05 * TaggerCalibration.LeastTemperature,
            0.95 * TaggerCalibration.LargestTemperature);
        Assert.True(fitted.LossAfter < fitted.LossBefore);
        foreach (var factor in new[] { 0.2, 0.9, 0.999, 1.001, 1.1, 5 })
            Assert.True(Loss(factor * fitted.Temperature) > fitted.LossAfter, $"at {factor} T");
        Assert.Equal(fitted, new TaggerCalibration(loaded, Text).Fit());
        Assert.Equal(("train", Text.Sentences.Count), (fitted.Data, fitted.Sentences));
        Assert.Equal("other", calibration.Fit("other").Data);
    }

    [Fact]
    public void TheLossIsThatOfTraining()
    {
        var (report, loss) = new TaggerEvaluation(loaded.Vocabularies, Text).Measure(loaded.Tagger);
        var measured = new TaggerCalibration(loaded, Text).Measure(1);
        Assert.Equal(loss!.Value, measured.Loss!.Value, 1e-5);
        Assert.Equal((report.Overall.Predicted, report.Overall.Correct),
            (measured.Spans.Count, (long)Math.Round(measured.Spans.Accuracy * measured.Spans.Count)));
        Assert.Equal(report.Accuracy, 100 * measured.Tags.Accuracy, 1e-9);
        Assert.True(measured.Spans.Count > 0);
    }

    [Fact]
    public void ProbabilitiesChangeAndTagsDoNot()
    {
        foreach (var temperature in new[] { 0.5, 3 })
        {
            var warm = loaded with { Temperature = temperature };
            // Its own best sequence, without readings.
            Assert.Equal(Tags(Tag(loaded, new())), Tags(Tag(warm, new())));
            var (before, after) = (Tag(loaded, Everything), Tag(warm, Everything));
            Assert.Contains(before.Zip(after), pair =>
                Math.Abs(pair.First.Confidence![0] - pair.Second.Confidence![0]) > 0.01);
            Assert.Contains(before.Zip(after), pair => Math.Abs(pair.First.Readings[0].Probability!.Value
                - pair.Second.Readings[0].Probability!.Value) > 0.01);
            var spans = Tag(warm, new() { WithSpanConfidence = true })
                .SelectMany(one => one.Readings[0].SpanConfidence!);
            var measured = new TaggerCalibration(loaded, Text).Measure(temperature);
            Assert.Equal(measured.Spans.MeanConfidence, spans.Average(), 1e-9);
            var tags = Tag(warm, new() { WithConfidence = true }).SelectMany(one => one.Confidence!);
            Assert.Equal(measured.Tags.MeanConfidence, tags.Average(), 1e-5);
        }
    }

    [Fact]
    public void AFolderKeepsItsTemperature()
    {
        Assert.Null(TaggerTemperature.Read(folder));
        Assert.False(TaggerTemperature.Remove(folder));
        var fitted = new TaggerTemperature(1.75, "dev.conll", 10, 3, 2.5);
        fitted.Write(folder);
        Assert.Equal(fitted, TaggerTemperature.Read(folder));
        using (var warm = TaggerFolder.Load(backend, folder))
            Assert.Equal((1.75, false), (warm.Temperature, warm.IsTemperatureStale));
        (fitted with { Temperature = 2 }).Write(folder);
        Assert.Equal(2, TaggerTemperature.Read(folder)!.Temperature);
        Assert.True(TaggerTemperature.Remove(folder));
        using (var cold = TaggerFolder.Load(backend, folder)) Assert.Equal(1, cold.Temperature);
        Assert.Equal(1, loaded.Temperature);
    }

    [Fact]
    public void ATemperatureOfOtherWeightsIsNotUsed()
    {
        var growing = files.PathOf("growing");
        TrainedTagger.Train(growing, 1, resume: false);
        new TaggerTemperature(1.75, "dev.conll", 10, 3, 2.5).Write(growing);
        TrainedTagger.Train(growing, 4, resume: true);
        Assert.False(TaggerTemperature.Read(growing)!.IsOfTheseWeights);
        using var resumed = TaggerFolder.Load(backend, growing);
        Assert.Equal((1, true), (resumed.Temperature, resumed.IsTemperatureStale));
    }

    [Theory]
    [InlineData("", "damaged")]
    [InlineData("{}", "lacks")]
    [InlineData("null", "no number above 0")]
    [InlineData("""{"temperature":0,"weights_crc32c":"","data":"","sentences":1,"loss_before":1,"loss_after":1}""",
        "no number above 0")]
    [InlineData("""{"temperature":"1","weights_crc32c":"","data":"","sentences":1,"loss_before":1,"loss_after":1}""",
        "temperature is a value of another kind")]
    public void ADamagedFileIsNamed(string json, string words)
    {
        File.WriteAllText(Path.Combine(folder, TaggerTemperature.FileName), json);
        foreach (var read in new Action[]
        {
            () => TaggerTemperature.Read(folder), () => TaggerFolder.Load(backend, folder).Dispose(),
        })
        {
            TestFiles.Refused(read, TaggerTemperature.FileName);
            TestFiles.Refused(read, words);
        }
    }

    [Fact]
    public void WhatCannotBeFittedIsRefused()
    {
        var unknown = LabelledFile.Convert("planets", [new(["Mars"], ["S-PLANET"], 1, 0)], TagScheme.Iobes);
        var calibration = new TaggerCalibration(loaded, unknown);
        TestFiles.Refused(() => calibration.Fit(), "planets");
        Assert.Null(calibration.Measure(1).Loss);
        foreach (var temperature in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => calibration.Measure(temperature));
            Assert.Throws<ArgumentOutOfRangeException>(() => loaded with { Temperature = temperature });
        }
        TestFiles.Refused(() => TaggerTemperature.Read(files.PathOf("nowhere")), "nowhere");
        TestFiles.Refused(() => TaggerTemperature.Remove(files.PathOf("nowhere")), "nowhere");
        TestFiles.Refused(() => new TaggerTemperature(1, "d", 1, 1, 1).Write(files.PathOf("nowhere")), "nowhere");
    }

    static List<TaggedSentence> Tag(LoadedTagger tagger, TextTaggerOptions options) =>
        [.. new TextTagger(tagger, options).Tag(Text.Sentences)];

    static IEnumerable<string> Tags(IEnumerable<TaggedSentence> tagged) => tagged.SelectMany(one => one.Tags);
}
