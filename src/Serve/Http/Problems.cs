using System.Text.Encodings.Web;
using System.Text.Json;
using LdNetGpu.Devices.Drivers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace LdNetGpu.Serve.Http;

/// <summary>Every answer that is an error has a body that says what, where, and what to do (RFC 9457).</summary>
static class Problems
{
    const string Paths = "There are POST /tag, and GET /, /healthz, /readyz, /metrics and /openapi.json.";

    static readonly ServerJson Readable = new(new JsonSerializerOptions(ServerJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Turns what is thrown below into answers, and gives a body to errors that have none.</summary>
    public static void Use(WebApplication app, ServerOptions options, ILogger log) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && Untold(context) is { } fault) await WriteAsync(context, fault);
        }
        catch (Exception error)
        {
            // Who left is not told; what it was by then is no defect.
            if (context.RequestAborted.IsCancellationRequested && error is OperationCanceledException or IOException)
                return;
            if (FaultOf(error, options) is not { } fault)
            {
                ServerLog.RequestFailed(log, error);
                fault = new(StatusCodes.Status500InternalServerError, "a defect of the server",
                    "The request could not be answered, and should have been. The server's log says more.");
            }
            if (context.Response.HasStarted) context.Abort();
            else await WriteAsync(context, fault);
        }
    });

    static RequestFault? FaultOf(Exception error, ServerOptions options) => error switch
    {
        RequestFault fault => fault,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
            StatusCodes.Status413PayloadTooLarge, "the body is too long",
            $"The server takes bodies of at most {options.BodyBytes} bytes. Divide the texts over several requests."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new(
            StatusCodes.Status408RequestTimeout, "the body comes too slowly",
            "The server waits for 240 bytes a second. Send the body at once."),
        BadHttpRequestException bad => new(bad.StatusCode, "the request cannot be read",
            "The body ends before its Content-Length, or its chunks are none. Send it whole."),
        DeviceLostException => new(StatusCodes.Status503ServiceUnavailable, "the server's device stopped working",
            "The server answers again once it was started anew. Try again later."),
        OutOfMemoryException => new(StatusCodes.Status503ServiceUnavailable, "not enough memory",
            "The texts need more memory than the server has. Send less at once."),
        _ => null,
    };

    static RequestFault? Untold(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(StatusCodes.Status404NotFound, "there is no such path", Paths),
        StatusCodes.Status405MethodNotAllowed => new(StatusCodes.Status405MethodNotAllowed,
            "the path is not for this method", Paths),
        StatusCodes.Status415UnsupportedMediaType => TagRequestReader.NotJson,
        _ => null,
    };

    /// <summary>Answers with a fault; what the answer had before is dropped, but for <c>Allow</c>.</summary>
    public static async Task WriteAsync(HttpContext context, RequestFault fault)
    {
        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers.Allow = allow;
        context.Response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = $"{seconds}";
        if (fault.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = fault.Status, Title = fault.Title, Detail = fault.Message },
            Readable.ProblemDetails, "application/problem+json");
    }
}
