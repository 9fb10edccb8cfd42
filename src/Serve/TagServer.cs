using System.Diagnostics;
using System.Net;
using LdNetGpu.Devices;
using LdNetGpu.Serve.Batching;
using LdNetGpu.Serve.Http;
using LdNetGpu.Serve.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace LdNetGpu.Serve;

/// <summary>A tagger behind HTTP.</summary>
static class TagServer
{
    // Each costs the server some kilobytes; what comes beyond is closed.
    const int MostConnections = 4096;

    /// <summary>Loads the model, answers until it is to stop, and lets requests that run to their end.</summary>
    /// <param name="options">How.</param>
    /// <param name="source">The model.</param>
    /// <param name="output">Told of all that happens.</param>
    /// <param name="listening">Told where, once requests are answered.</param>
    /// <param name="stop">Cancelled when it is to stop.</param>
    /// <exception cref="UserException">The model cannot be loaded.</exception>
    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public static async Task RunAsync(ServerOptions options, ModelSource source, LogOutput output,
        Action<Uri> listening, CancellationToken stop)
    {
        var log = output.Events;
        await using var told = stop.Register(() => ServerLog.Stopping(log));
        using var metrics = new ServerMetrics();
        await using var app = Build(options, output);
        using var tagger = new BatchingTagger(options, source, metrics, log);
        await tagger.StartAsync();
        Map(app, options, new(options, tagger, metrics), tagger, log, stop);
        await StartAsync(app, options);
        var address = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        listening(address);
        ServerLog.Serving(log, source.Folder, address);
        var watch = options.Reloads ? new FolderWatch(source, tagger, metrics, log).RunAsync(stop) : Task.CompletedTask;
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        await app.StopAsync(CancellationToken.None);
        await watch;
    }

    static WebApplication Build(ServerOptions options, LogOutput output)
    {
        // Empty: neither a file in the working directory nor an environment variable changes what was asked for.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options));
        var services = builder.Services;
        services.AddRoutingCore();
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Grace);
        services.ConfigureHttpJsonOptions(json => ServerJson.Configure(json.SerializerOptions));
        ApiDescription.Add(services);
        services.AddOpenTelemetry().ConfigureResource(resource =>
            resource.AddService("tagger", autoGenerateServiceInstanceId: false)).WithMetrics(meters => meters
            .AddMeter(ServerMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
                "System.Runtime")
            .AddPrometheusExporter());
        services.AddSingleton(output.Factory);
        return builder.Build();
    }

    static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.BodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Listen(options.Endpoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    static void Map(WebApplication app, ServerOptions options, TagEndpoint tag, BatchingTagger tagger, ILogger log,
        CancellationToken stop)
    {
        app.Use(async (context, next) =>
        {
            var (clock, method) = (Stopwatch.GetTimestamp(), context.Request.Method);
            await next(context);
            ServerLog.Request(log, method, context.Request.Path.ToUriComponent(),
                context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
                    : context.Response.StatusCode, Math.Round(Stopwatch.GetElapsedTime(clock).TotalMilliseconds, 1));
        });
        // To who asks for the head, Kestrel sends no body.
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        Problems.Use(app, options, log);
        app.UseRouting();
        if (options.ApiKey is { } secret) RequireKey(app, new(secret));
        else if (IPAddress.IsLoopback(options.Endpoint.Address)) RequireOwnHost(app);
        var needsKey = new ApiKey.Needed();
        ApiDescription.Describe(app.MapPost("/tag", (Func<HttpContext, Task>)tag.AnswerAsync), options)
            .WithMetadata(needsKey);
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(needsKey);
        app.MapOpenApi("/openapi.json");
        app.MapGet("/", (Func<HttpContext, Task>)TryPage.WriteAsync).ExcludeFromDescription();
        MapStatus(app, "/healthz", () => tagger.IsAlive ? "ok" : "dead", "ok",
            "Whether the server works: if not, start it anew.");
        MapStatus(app, "/readyz",
            () => stop.IsCancellationRequested ? "stopping" : tagger.IsAlive ? "ready" : "dead", "ready",
            "Whether requests are to be sent here.");
    }

    static void MapStatus(WebApplication app, string path, Func<string> status, string good, string summary) =>
        app.MapGet(path, () =>
        {
            var found = status();
            return Results.Json(new ServerStatus(found), ServerJson.Default.ServerStatus,
                statusCode: found == good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithTags("health").WithSummary(summary).Produces<ServerStatus>()
            .Produces<ServerStatus>(StatusCodes.Status503ServiceUnavailable);

    static void RequireKey(WebApplication app, ApiKey key) => app.Use((context, next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ApiKey.Needed>() is null || key.IsShown(context.Request.Headers)
            ? next(context)
            : throw new RequestFault(StatusCodes.Status401Unauthorized, "no key, or another",
                "Send the server's key as Authorization: Bearer KEY, or as X-Api-Key: KEY."));

    // A page elsewhere whose name is made to lead here (DNS rebinding) still sends that name.
    static void RequireOwnHost(WebApplication app) => app.Use((context, next) =>
        context.Request.Host.Host is var host
        && (host is "" || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
            || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)
            ? next(context)
            : throw new RequestFault(StatusCodes.Status421MisdirectedRequest, "another host's name",
                $"The request is for {host}, and the server answers this machine alone: as localhost or 127.0.0.1, or "
                + "under any name with a key."));

    static async Task StartAsync(WebApplication app, ServerOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
        {
            var reason = error.InnerException is AddressInUseException ? "it is in use"
                : error.Message.TrimEnd('.');
            throw new ListenException($"{options.Endpoint} cannot be listened on: {reason}.", error);
        }
    }

    /// <summary>Who runs the server says when it ends.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
