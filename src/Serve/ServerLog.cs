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

    [LoggerMessage(5, LogLevel.Information, "stopping: requests that run are let to their end")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(6, LogLevel.Error, "a request could not be answered")]
    public static partial void RequestFailed(ILogger log, Exception error);
}
