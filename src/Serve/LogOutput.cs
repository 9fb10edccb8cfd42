using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LdNetGpu.Serve;

/// <summary>
/// The log on standard error, which all that a server says goes to, so that whoever reads it has one form to read. Once
/// it is disposed of, all of it is written.
/// </summary>
/// <param name="asJson">An event is an object on a line; else text.</param>
sealed class LogOutput(bool asJson) : IDisposable
{
    /// <summary>Of all parts of the server.</summary>
    public ILoggerFactory Factory { get; } = LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("LdNetGpu", LogLevel.Information)
            // Why it does not start is thrown.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Rather than hold up an answer.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        if (asJson)
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "O"));
        else
            logging.AddSimpleConsole(text =>
            {
                (text.SingleLine, text.ColorBehavior) = (true, LoggerColorBehavior.Disabled);
                (text.UseUtcTimestamp, text.TimestampFormat) = (true, "HH:mm:ss ");
            });
    });

    /// <summary>Of the server's own events.</summary>
    public ILogger Events => Factory.CreateLogger("LdNetGpu.Serve");

    /// <summary>What whoever runs the server should know.</summary>
    public void Warn(string note) => ServerLog.Warning(Events, note);

    /// <summary>What ended the server.</summary>
    public void Fail(string failure) => ServerLog.Failed(Events, failure);

    public void Dispose() => Factory.Dispose();
}
