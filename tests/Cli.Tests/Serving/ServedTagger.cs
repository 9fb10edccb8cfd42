using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LdNetGpu.Tests.Serving;

/// <summary><c>ldnet serve</c> as a process on a port that the system chose.</summary>
sealed class ServedTagger : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;
    readonly ConcurrentQueue<string> log = [];
    readonly Task reading;

    ServedTagger(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        Client = new() { BaseAddress = address, Timeout = Patience };
        reading = Task.Run(async () =>
        {
            while (await process.StandardError.ReadLineAsync() is { } line) log.Enqueue(line);
        });
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>What it wrote to standard error so far.</summary>
    public IReadOnlyList<string> Log => [.. log];

    /// <summary>Resident memory, bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it, and waits until it answers; on 127.0.0.1 where the options do not say otherwise.</summary>
    public static ServedTagger Start(string model, params string[] options) => StartWith([], model, options);

    /// <summary>The same with environment variables set.</summary>
    public static ServedTagger StartWith((string Name, string Value)[] variables, string model,
        params string[] options)
    {
        string[] listen = options.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];
        var process = LdnetProcess.StartWith(variables,
            ["serve", "--model", model, "--json", "--threads", "1", .. listen, .. options]);
        var result = new StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            result.AppendLine(line);
            if (line == "}")
                return new(process, new((string)JsonNode.Parse(result.ToString())!["url"]!));
        }
        process.WaitForExit();
        Assert.Fail($"exit {process.ExitCode}: {process.StandardError.ReadToEnd()}");
        return null;
    }

    public Task<HttpResponseMessage> PostAsync(string body) => PostAsync(Encoding.UTF8.GetBytes(body));

    public Task<HttpResponseMessage> PostAsync(byte[] body, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return Client.PostAsync("tag", content);
    }

    /// <summary>The answer to a body that is one to be answered.</summary>
    public async Task<JsonNode> TagAsync(JsonObject body)
    {
        using var answer = await PostAsync(body.ToJsonString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    public Task<JsonNode> TagAsync(string text) => TagAsync(new JsonObject { ["text"] = text });

    /// <summary>The sum of a counter's lines; what is served is some tenths of a second old.</summary>
    public async Task<double> CounterAsync(string name)
    {
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        var text = await Client.GetStringAsync("metrics");
        return Regex.Matches(text, $@"^{name}(?:\{{[^\n]*\}})? ([0-9.eE+]+)$", RegexOptions.Multiline)
            .Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo(); await Task.Delay(50))
            Assert.True(clock.Elapsed < Patience, $"not so after {Patience.TotalSeconds} s: {what}");
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end; all of the log is there afterwards.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        await reading.WaitAsync(limit.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        reading.Wait();
        process.Dispose();
    }
}
