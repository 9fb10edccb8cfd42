using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Serve;
using LdNetGpu.Serve.Models;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet serve</c>: a tagger behind HTTP.</summary>
sealed class ServeCommand : CliCommand
{
    static readonly ServerOptions Standard = new();

    readonly Option<string> model = new("--model") { Description = "A tagger, whole or pruned.", HelpName = "DIR",
        Required = true };

    readonly Option<string> listen = new("--listen")
    {
        Description = "Where connections are taken; port 0 takes one that is free, and says which.",
        HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => Standard.Endpoint.ToString(),
    };

    readonly Option<string?> keyFile = new("--api-key-file")
    {
        Description = "A file whose only line is a key that requests must show; or the variable "
            + $"{KeyVariable} holds it.",
        HelpName = "FILE",
    };

    readonly Option<bool> reload = new("--reload")
    {
        Description = "A model that comes to lie in the folder takes the place of the one in memory.",
    };

    readonly Option<string> log = new("--log")
    {
        Description = "How events are written to standard error: text, or json, an object a line.", HelpName = "F",
        DefaultValueFactory = _ => TextLog,
    };

    readonly Option<int> batchWords = NumberOption.Of("--batch-words",
        "Words at which a batch is full; requests that come together are tagged together.", Standard.BatchWords, 1,
        20_000);

    readonly Option<int> batchDelay = NumberOption.Of("--batch-delay",
        "Milliseconds that a sentence waits at most for others to fill its batch.",
        (int)Standard.BatchDelay.TotalMilliseconds, 0, 10_000);

    readonly Option<int> queueWords = NumberOption.Of("--max-queue",
        "Words that may wait to be tagged; beyond, requests are answered 429.", Standard.QueueWords, 1, int.MaxValue);

    readonly Option<int> bodyBytes = NumberOption.Of("--max-body",
        "Bytes of a request's body at most; beyond, it is answered 413.", Standard.BodyBytes, 1, 1 << 30);

    readonly Option<double> timeout = NumberOption.Of("--timeout",
        "Seconds for a request; beyond, it is answered 503, or 408 where it is not whole by then.",
        Standard.Timeout.TotalSeconds, 0.001, 86_400);

    readonly Option<double> grace = NumberOption.Of("--stop-timeout",
        "Seconds that requests which run may take to end once the server is to stop.", Standard.Grace.TotalSeconds, 0,
        86_400);

    internal const string KeyVariable = "LDNET_API_KEY";
    const string TextLog = "text", JsonLog = "json";

    // A key is no text of many pages.
    const int LargestKeyFile = 1 << 16, ShortestKey = 16;

    public ServeCommand() : base("serve", "Answers requests over HTTP: POST /tag finds the names in texts.")
    {
        Examples =
        [
            ("ldnet serve --model pruned", "On this machine alone; http://127.0.0.1:8080 has a page to try it."),
            ("curl -H Content-Type:application/json -d '{\"text\":\"Anna lives in Paris.\"}' http://127.0.0.1:8080/tag",
                "The names, as 'ldnet tag --input raw --format entities' gives them."),
            ("ldnet serve --model pruned --listen 0.0.0.0:8080 --api-key-file key --reload --log json",
                "On all addresses, for those who have the key; new models are taken up."),
        ];
        Notes = "Requests that come together are tagged in one batch. GET /healthz, /readyz, /metrics (Prometheus) and "
            + "/openapi.json tell the rest. SIGTERM or Ctrl-C: requests that run are answered, and the code is 0. "
            + "There is no TLS: on a network, put a proxy in front that has it.";
        log.AcceptOnlyFromAmong(TextLog, JsonLog);
        foreach (var option in new Option[] { model, listen, keyFile, reload, log, batchWords, batchDelay, queueWords,
            bodyBytes, timeout, grace, CommonOptions.LmStorage })
            Add(option);
        listen.Validators.Add(result =>
        {
            if (EndpointOf(result.GetValueOrDefault<string>() ?? "") is null)
                result.AddError($"{listen.Name} {result.GetValueOrDefault<string>()}: expected an address and a port, "
                    + "as 127.0.0.1:8080, [::1]:8080, localhost:8080 or, for every address, 0.0.0.0:8080.");
        });
    }

    protected override int Execute(CommandContext context)
    {
        AspNetRuntime.Find();
        return ServeLogged(context);
    }

    // All that is said from here on is an event of the log.
    int ServeLogged(CommandContext context)
    {
        var isJson = context.Value(log) == JsonLog;
        using var events = new LogOutput(isJson);
        Interruption.IsToldByWork = true;
        try
        {
            return Serve(context, events);
        }
        catch (Exception error) when (isJson)
        {
            var said = new StringWriter();
            var code = Failure.Report(error, said);
            if (said.ToString().Trim() is { Length: > 0 } failure) events.Fail(failure);
            return code;
        }
        finally
        {
            Interruption.IsToldByWork = false;
        }
    }

    int Serve(CommandContext context, LogOutput events)
    {
        var options = new ServerOptions
        {
            Endpoint = EndpointOf(context.Value(listen))!, BatchWords = context.Value(batchWords),
            BatchDelay = TimeSpan.FromMilliseconds(context.Value(batchDelay)), QueueWords = context.Value(queueWords),
            BodyBytes = context.Value(bodyBytes), Timeout = TimeSpan.FromSeconds(context.Value(timeout)),
            Grace = TimeSpan.FromSeconds(context.Value(grace)), Reloads = context.Value(reload),
            ApiKey = ReadKey(context.Value(keyFile)),
        };
        if (options.ApiKey is null && !IPAddress.IsLoopback(options.Endpoint.Address))
            events.Warn($"{options.Endpoint.Address} is reached from other machines, and no key is asked for: "
                + $"{keyFile.Name} or {KeyVariable} sets one.");
        using var running = new Running();
        var folder = context.Value(model);
        var source = new ModelSource(folder, () => Load(context, folder, events),
            DeviceChoice.Parse(context.Value(GlobalOptions.Device))!.IsProcessor);
        try
        {
            TagServer.RunAsync(options, source, events, Tell, context.Cancellation).GetAwaiter().GetResult();
        }
        catch (ListenException error)
        {
            throw new UserException($"{error.Message} Give another {listen.Name}.", error);
        }
        return ExitCode.Success;

        void Tell(Uri address)
        {
            running.Begin();
            context.Report(new JsonObject { ["url"] = address.ToString() }, _ => { });
            context.Output.Flush();
        }
    }

    static LoadedTagger Load(CommandContext context, string folder, LogOutput events)
    {
        var loaded = TaggerToRun.Load(context, folder);
        if (loaded.IsTemperatureStale)
            events.Warn($"{folder}: its temperature was fitted to other weights, and is not used; "
                + "'ldnet calibrate' fits it anew, or removes it.");
        return loaded;
    }

    string? ReadKey(string? file)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key
                ? Checked(KeyVariable, key) : null;
        if (new FileInfo(file) is { Exists: true, Length: > LargestKeyFile })
            throw new UserException($"{file}: {LargestKeyFile:N0} bytes and more are no key.");
        return Checked(file, File.ReadAllText(file).TrimEnd('\r', '\n'));
    }

    // What a header of HTTP can carry.
    static string Checked(string where, string key) => key.Length < ShortestKey
        ? throw new UserException($"{where}: a key has {ShortestKey} characters at least, of which nobody guesses one. "
            + "'openssl rand -hex 32' makes one.")
        : key.All(letter => letter is > ' ' and < '\u007F') ? key
        : throw new UserException($"{where}: a key is of letters, digits and signs of ASCII, without spaces, on one "
            + "line.");

    static IPEndPoint? EndpointOf(string text)
    {
        const string local = "localhost:";
        if (text.StartsWith(local, StringComparison.OrdinalIgnoreCase)) text = $"127.0.0.1:{text[local.Length..]}";
        // Without a colon behind the address a number would be an address, and the port 0.
        return text.LastIndexOf(':') > text.LastIndexOf(']') && IPEndPoint.TryParse(text, out var endpoint)
            && (text.StartsWith('[') || text.IndexOf(':') == text.LastIndexOf(':')) ? endpoint : null;
    }

    /// <summary>While requests may be under way, an interruption waits for them.</summary>
    sealed class Running : IDisposable
    {
        IDisposable? work;

        public void Begin() => work = UnsavedWork.Begin();

        public void Dispose() => work?.Dispose();
    }
}
