using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Kernels;
using LdNetGpu.Serve;
using LdNetGpu.Serve.Batching;
using LdNetGpu.Serve.Models;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using Microsoft.Extensions.Logging;

namespace LdNetGpu.Tests.Serving;

/// <summary>The thread that tags, without HTTP: what it does at moments that a client cannot choose.</summary>
[Collection(Serving.Name)]
public sealed class BatchingTaggerTests(ServingFixture serving) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly CpuBackend<float> backend = new(new CpuDevice(1));
    readonly ServerMetrics metrics = new();
    readonly KeptLog log = new();
    readonly ManualResetEventSlim mayLoad = new(true);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        metrics.Dispose();
        mayLoad.Dispose();
    }

    ModelSource Source(string folder) => new(folder, () =>
    {
        Assert.True(mayLoad.Wait(Patience));
        return TaggerFolder.Load(backend, folder);
    }, LoadsBeside: false);

    static TagWork Work(int sentences) =>
        new([.. Enumerable.Repeat(new Sentence(["Anna", "lives", "here"], null, 1, 0), sentences)]);

    [Fact]
    public async Task WhatNobodyWaitsForCountsNoMoreWhileTheThreadIsBusy()
    {
        using var tagger = new BatchingTagger(new() { QueueWords = 10 }, Source(serving.Tagger.Folder), metrics, log);
        await tagger.StartAsync();
        mayLoad.Reset();
        var replacing = tagger.ReplaceAsync();
        using var limit = new CancellationTokenSource();
        var waiting = tagger.TryTagAsync(Work(3), limit.Token);
        Assert.Equal(9, tagger.WaitingWords);
        Assert.Null(await tagger.TryTagAsync(Work(1), Cancellation));
        Assert.Equal(9, tagger.WaitingWords);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, tagger.WaitingWords);
        var other = tagger.TryTagAsync(Work(3), Cancellation);
        mayLoad.Set();
        Assert.Equal(3, (await other.WaitAsync(Patience, Cancellation))!.Length);
        await replacing;
        Assert.Equal(0, tagger.WaitingWords);
    }

    /// <summary>As a reader of the metrics that throws: a defect, and not of tagging.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task ADefectIsToldToItsRequestsAndTheThreadGoesOn(bool isDeviceLost)
    {
        var throws = true;
        using var reader = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, metrics.Meter)) listener.EnableMeasurementEvents(instrument);
            },
        };
        reader.SetMeasurementEventCallback<long>((instrument, _, _, _) =>
        {
            if (instrument.Name == "tagger.batches" && throws)
                throw isDeviceLost ? new DeviceLostException("gone") : new InvalidOperationException("a defect");
        });
        reader.Start();
        using var tagger = new BatchingTagger(new() { BatchWords = 1 }, Source(serving.Tagger.Folder), metrics, log);
        await tagger.StartAsync();
        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => tagger.TryTagAsync(Work(2), Cancellation).WaitAsync(Patience, Cancellation));
        Assert.IsNotType<TimeoutException>(error);
        throws = false;
        Assert.NotNull(await tagger.TryTagAsync(Work(2), Cancellation).WaitAsync(Patience, Cancellation));
        Assert.Equal(!isDeviceLost, tagger.IsAlive);
        Assert.Equal(0, tagger.WaitingWords);
        Assert.Single(log.Events, line => line.StartsWith("Error: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFolderThatIsGoneIsToldOnceAndSoIsItsReturn()
    {
        var folder = serving.CopyOfFolder("going");
        var source = Source(folder);
        using var tagger = new BatchingTagger(new(), source, metrics, log);
        await tagger.StartAsync();
        using var stop = new CancellationTokenSource();
        var watch = new FolderWatch(source, tagger, metrics, log, TimeSpan.FromMilliseconds(5)).RunAsync(stop.Token);
        Directory.Move(folder, folder + "-away");
        await UntilToldAsync("Warning: ");
        await Task.Delay(50, Cancellation);
        Assert.NotNull(await tagger.TryTagAsync(Work(1), Cancellation));
        Directory.Move(folder + "-away", folder);
        await UntilToldAsync("Information: ");
        await stop.CancelAsync();
        await watch;
        Assert.Equal([$"Warning: {folder}: it is not there, or cannot be read; the model in memory goes on until it "
            + "is back", $"Information: {folder}: it is back"], log.Events);

        async Task UntilToldAsync(string level) => await ServedTagger.UntilAsync(() => Task.FromResult(
            log.Events.Any(line => line.StartsWith(level, StringComparison.Ordinal))), level);
    }

    [Fact]
    public void TheGuideNamesEveryMetric()
    {
        var guide = MarkdownPage.Read("docs/guides/serve.md").Section("Requests");
        var names = new List<string>();
        using var reader = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, metrics.Meter)) names.Add(instrument.Name.Replace('.', '_'));
            },
        };
        reader.Start();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($"`{name}", guide, StringComparison.Ordinal));
    }

    sealed class KeptLog : ILogger
    {
        readonly ConcurrentQueue<string> events = [];

        public IReadOnlyList<string> Events => [.. events];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            events.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
