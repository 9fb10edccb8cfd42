using LdNetGpu.Serve.Batching;
using Microsoft.Extensions.Logging;

namespace LdNetGpu.Serve.Models;

/// <summary>
/// Looks at the model's folder once a second, for folders are put in place by renames, which watchers of a file system
/// lose. Once a folder that changed has stayed the same from one look to the next, its model is loaded beside the one
/// that answers, and takes its place; where it cannot be loaded, the other goes on.
/// </summary>
sealed class FolderWatch(ModelSource source, BatchingTagger tagger, ServerMetrics metrics, ILogger log)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Returns when cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var loaded = FolderStamp.Of(source.Folder);
        var seen = loaded;
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var now = FolderStamp.Of(source.Folder);
                var isSettled = now is not null && now == seen;
                seen = now;
                if (!isSettled || now == loaded) continue;
                loaded = now;
                await ReplaceAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    async Task ReplaceAsync()
    {
        try
        {
            await tagger.ReplaceAsync();
            metrics.Reloaded("loaded");
            ServerLog.Reloaded(log, source.Folder);
        }
        catch (Exception error)
        {
            metrics.Reloaded("failed");
            ServerLog.NotReloaded(log, source.Folder, error.Message);
        }
    }
}
