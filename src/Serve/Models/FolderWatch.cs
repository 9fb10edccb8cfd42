using LdNetGpu.Serve.Batching;
using Microsoft.Extensions.Logging;

namespace LdNetGpu.Serve.Models;

/// <summary>
/// Looks at the model's folder once a second, for folders are put in place by renames, which watchers of a file system
/// lose. Once a folder that changed has stayed the same from one look to the next, its model is loaded beside the one
/// that answers, and takes its place; where it cannot be loaded, the other goes on.
/// </summary>
/// <param name="source">The folder, and how its model is loaded.</param>
/// <param name="tagger">Whose model it is.</param>
/// <param name="metrics">Told of each model.</param>
/// <param name="log">The same, and where the folder is gone.</param>
/// <param name="interval">From look to look; null for a second.</param>
sealed class FolderWatch(ModelSource source, BatchingTagger tagger, ServerMetrics metrics, ILogger log,
    TimeSpan? interval = null)
{
    /// <summary>Returns when cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var loaded = FolderStamp.Of(source.Folder);
        var seen = loaded;
        var isGone = false;
        using var timer = new PeriodicTimer(interval ?? TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var now = FolderStamp.Of(source.Folder);
                var isSettled = now is not null && now == seen;
                // Gone at one look alone, it is being put in place.
                if ((now is null) != isGone && (now is not null || seen is null)) Tell(isGone = !isGone);
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

    void Tell(bool isGone)
    {
        if (isGone) ServerLog.FolderGone(log, source.Folder);
        else ServerLog.FolderBack(log, source.Folder);
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
