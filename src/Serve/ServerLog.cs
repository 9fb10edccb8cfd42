using Microsoft.Extensions.Logging;

namespace LdNetGpu.Serve;

/// <summary>The events of the log. None holds a text that was sent.</summary>
static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "{Method} {Path} {Status} in {Milliseconds} ms")]
    public static partial void Request(ILogger log, string method, string path, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Information, "{Folder}: the new model answers from now on")]
    public static partial void Reloaded(ILogger log, string folder);

    [LoggerMessage(3, LogLevel.Warning, "{Folder}: the new model cannot be used, the old one goes on: {Reason}")]
    public static partial void NotReloaded(ILogger log, string folder, string reason);

    [LoggerMessage(4, LogLevel.Error, "a batch could not be tagged")]
    public static partial void BatchFailed(ILogger log, Exception error);

    [LoggerMessage(5, LogLevel.Information, 
        "stopping: requests that run are let to their end; asked once more, it ends at once")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(6, LogLevel.Error, "a request could not be answered")]
    public static partial void RequestFailed(ILogger log, Exception error);

    [LoggerMessage(7, LogLevel.Information, "serving {Folder} at {Address}")]
    public static partial void Serving(ILogger log, string folder, Uri address);

    [LoggerMessage(8, LogLevel.Warning, "{Note}")]
    public static partial void Warning(ILogger log, string note);

    [LoggerMessage(9, LogLevel.Critical, "{Failure}")]
    public static partial void Failed(ILogger log, string failure);

    [LoggerMessage(10, LogLevel.Warning,
        "{Folder}: it is not there, or cannot be read; the model in memory goes on until it is back")]
    public static partial void FolderGone(ILogger log, string folder);

    [LoggerMessage(11, LogLevel.Information, "{Folder}: it is back")]
    public static partial void FolderBack(ILogger log, string folder);
}
