using System.Diagnostics.Metrics;

namespace LdNetGpu.Serve;

/// <summary>What is counted of tagging; ASP.NET counts requests, connections and memory itself.</summary>
sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "LdNetGpu.Serve";

    readonly Meter meter = new(MeterName);
    readonly Counter<long> batches, sentences, words, refused, reloads;
    readonly Histogram<double> seconds;
    readonly Histogram<long> batchWords;

    public ServerMetrics()
    {
        batches = meter.CreateCounter<long>("tagger.batches", "{batch}", "Batches that were tagged.");
        sentences = meter.CreateCounter<long>("tagger.sentences", "{sentence}", "Sentences that were tagged.");
        words = meter.CreateCounter<long>("tagger.words", "{word}", "Words that were tagged.");
        refused = meter.CreateCounter<long>("tagger.refused", "{request}", "Requests not tagged, by reason.");
        reloads = meter.CreateCounter<long>("tagger.reloads", "{model}", "Models that came to lie in the folder.");
        seconds = meter.CreateHistogram("tagger.batch.duration", "s", "Time of a batch.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
        batchWords = meter.CreateHistogram("tagger.batch.size", "{word}", "Words of a batch.",
            advice: new InstrumentAdvice<long>
            {
                HistogramBucketBoundaries = [1, 4, 16, 64, 128, 256, 512, 1024, 2048, 4096, 16384],
            });
        meter.CreateObservableGauge("tagger.queue.size", () => Waiting(), "{word}", "Words that wait for a batch.");
    }

    /// <summary>What it counts by.</summary>
    public Meter Meter => meter;

    /// <summary>How many words wait.</summary>
    public Func<long> Waiting { get; set; } = () => 0;

    public void Tagged(int count, int length, TimeSpan time)
    {
        batches.Add(1);
        sentences.Add(count);
        words.Add(length);
        seconds.Record(time.TotalSeconds);
        batchWords.Record(length);
    }

    /// <param name="reason">queue, timeout, gone.</param>
    public void Refused(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="outcome">loaded or failed.</param>
    public void Reloaded(string outcome) => reloads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => meter.Dispose();
}
