using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Serving;

/// <summary>What each option of <c>ldnet serve</c> changes.</summary>
[Collection(Serving.Name)]
public sealed class ServeOptionTests(ServingFixture serving)
{
    const string Key = "0123456789abcdef0123";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Model => serving.Tagger.Folder;

    static string Body(int sentences) => new JsonObject
    {
        ["text"] = string.Concat(Enumerable.Repeat("Anna lives in Paris with Bob. ", sentences)),
    }.ToJsonString();

    [Fact]
    public async Task MaxBodyBoundsABody()
    {
        using var server = ServedTagger.Start(Model, "--max-body", "100");
        await HostileRequestTests.RefusedAsync(await server.PostAsync(Body(5)), 413, "at most 100 bytes");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Body(1))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await serving.Server.PostAsync(Body(5))).StatusCode);
    }

    [Fact]
    public async Task MaxQueueRefusesWhatWouldWaitTooLong()
    {
        using var server = ServedTagger.Start(Model, "--max-queue", "10", "--batch-words", "10");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync(Body(300))));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToList();
        Assert.NotEmpty(refused);
        foreach (var answer in refused)
        {
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
            await HostileRequestTests.RefusedAsync(answer, 429, "of 10 that may", "Try again");
        }
        Assert.Equal(refused.Count, await server.CounterAsync("tagger_refused_total"));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Body(300))).StatusCode);
    }

    [Fact]
    public async Task TimeoutEndsWhatIsTooLongAndWhatComesTooSlowly()
    {
        using var server = ServedTagger.Start(Model, "--timeout", "0.3", "--batch-words", "50");
        using var answer = await server.PostAsync(Body(30_000));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        await HostileRequestTests.RefusedAsync(answer, 503, "0.3 s", "Try again");

        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /tag HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"), Cancellation);
        var bytes = new byte[4096];
        var read = await slow.GetStream().ReadAsync(bytes, Cancellation);
        Assert.StartsWith("HTTP/1.1 408 ", Encoding.UTF8.GetString(bytes, 0, read));
        Assert.NotEmpty((await server.TagAsync("Anna lives in Paris.")).AsArray());
        Assert.DoesNotContain(server.Log, line => line.Contains("fail:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BatchDelayWaitsForOthers()
    {
        using var server = ServedTagger.Start(Model, "--batch-delay", "1500");
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => server.TagAsync($"Anna lives in Paris, {i}.")));
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(1.4), $"{clock.Elapsed}");
        Assert.Equal(1, await server.CounterAsync("tagger_batches_total"));
        Assert.Equal(10, await server.CounterAsync("tagger_sentences_total"));
    }

    [Fact]
    public async Task BatchWordsFillABatch()
    {
        using var server = ServedTagger.Start(Model, "--batch-words", "1", "--batch-delay", "0");
        using var answer = await server.PostAsync(Body(12));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(12, await server.CounterAsync("tagger_batches_total"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task AKeyIsAskedFor(bool isInFile)
    {
        string[] options = isInFile ? ["--api-key-file", serving.Tagger.Write("key", Key + "\n")] : [];
        using var server = ServedTagger.StartWith(isInFile ? [("LDNET_API_KEY", "another-key-than-that")]
            : [("LDNET_API_KEY", Key)], Model, options);
        foreach (var path in new[] { "", "healthz", "readyz", "openapi.json" })
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("metrics", Cancellation)).StatusCode);
        using var without = await server.PostAsync(Body(1));
        Assert.Equal("Bearer", without.Headers.WwwAuthenticate.ToString());
        await HostileRequestTests.RefusedAsync(without, 401, "X-Api-Key");
        foreach (var wrong in new[] { "", Key[1..], Key + "4", Key.ToUpperInvariant() })
        {
            server.Client.DefaultRequestHeaders.Authorization = new("Bearer", wrong);
            await HostileRequestTests.RefusedAsync(await server.PostAsync(Body(1)), 401);
        }
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        Assert.NotEmpty((await server.TagAsync("Anna lives in Paris.")).AsArray());
        Assert.Contains("tagger_words_total", await server.Client.GetStringAsync("metrics", Cancellation));
        server.Client.DefaultRequestHeaders.Authorization = null;
        server.Client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        Assert.NotEmpty((await server.TagAsync("Anna lives in Paris.")).AsArray());
        Assert.DoesNotContain(server.Log, line => line.Contains(Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("short", "16 characters")]
    [InlineData("", "16 characters")]
    [InlineData("a key of several words", "without spaces")]
    [InlineData("0123456789abcdef\nfedcba9876543210\n", "one line")]
    public void AKeyThatIsNoneIsRefused(string key, string word)
    {
        var file = serving.Tagger.Write("no-key", key);
        Ldnet.Run("serve", "--model", Model, "--api-key-file", file).Failed(1, "no-key", word);
    }

    [Fact]
    public void WhatCannotBeServedIsRefused()
    {
        Ldnet.Run("serve", "--model", Model, "--api-key-file", serving.Tagger.PathOf("missing")).Failed(1, "missing");
        Ldnet.Run("serve", "--model", serving.Tagger.PathOf("nowhere")).Failed(1, "nowhere", "not a checkpoint folder");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Ldnet.Run("serve", "--model", Model, "--listen", taken.LocalEndpoint.ToString()!)
            .Failed(1, taken.LocalEndpoint.ToString()!, "in use", "--listen");
        foreach (var address in new[] { "8080", "127.0.0.1", "127.0.0.1:99999", "example.org:80", "::1", "" })
            Assert.Equal(2, Ldnet.Run("serve", "--model", Model, "--listen", address).ExitCode);
    }

    [Fact]
    public async Task ListenSaysWhereAndWarnsWhereOthersReachIt()
    {
        using (var open = ServedTagger.Start(Model, "--listen", "0.0.0.0:0", "--log", "json"))
        {
            await ServedTagger.UntilAsync(() => Task.FromResult(open.Log.Any(line =>
                JsonNode.Parse(line) is { } told && (string?)told["LogLevel"] == "Warning"
                && ((string)told["Message"]!).StartsWith("0.0.0.0 is reached from other machines",
                    StringComparison.Ordinal))), "a warning");
            using var client = new HttpClient();
            Assert.Contains("ready", await client.GetStringAsync($"http://127.0.0.1:{open.Address.Port}/readyz",
                Cancellation));
        }
        using var local = ServedTagger.Start(Model, "--listen", "localhost:0");
        Assert.Equal("127.0.0.1", local.Address.Host);
        await ServedTagger.UntilAsync(() => Task.FromResult(local.Log.Any(line =>
            line.Contains($"serving {Model} at {local.Address}", StringComparison.Ordinal))), "the address");
        Assert.DoesNotContain(local.Log, line => line.Contains("warn:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheLogIsTextOrJson()
    {
        using var server = ServedTagger.Start(Model, "--log", "json");
        await server.TagAsync("A secret of Anna.");
        await server.Client.GetAsync("no%0Apath", Cancellation);
        await ServedTagger.UntilAsync(() => Task.FromResult(server.Log.Count >= 3), "three events");
        var all = server.Log.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal($"serving {Model} at {server.Address}", (string?)all[0]["Message"]);
        var events = all.Skip(1).Select(line => line["State"]!).ToList();
        Assert.Equal(("POST", "/tag", 200), ((string?)events[0]["Method"], (string?)events[0]["Path"],
            (int)events[0]["Status"]!));
        Assert.True((double)events[0]["Milliseconds"]! > 0);
        Assert.Equal(("/no%0Apath", 404), ((string?)events[1]["Path"], (int)events[1]["Status"]!));
        Assert.DoesNotContain(server.Log, line => line.Contains("secret", StringComparison.Ordinal));
        await serving.Server.TagAsync("Anna.");
        await ServedTagger.UntilAsync(() => Task.FromResult(serving.Server.Log.Any(line =>
            line.Contains("POST /tag 200", StringComparison.Ordinal) && !line.StartsWith('{'))), "an event as text");
    }

    [Fact]
    public void WhyItDoesNotStartIsAnEventToo()
    {
        var failed = LdnetProcess.Run("serve", "--model", serving.Tagger.PathOf("nowhere"), "--log", "json");
        Assert.Equal((1, ""), (failed.ExitCode, failed.Output));
        var told = JsonNode.Parse(Assert.Single(failed.Error.Trim().Split('\n')))!;
        Assert.Equal("Critical", (string?)told["LogLevel"]);
        Assert.Contains("not a checkpoint folder", (string?)told["Message"], StringComparison.Ordinal);
    }

    [Theory, InlineData("-TERM"), InlineData("-INT")]
    public async Task ASignalLetsRequestsThatRunToTheirEnd(string signal)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No POSIX signals.");
        using var server = ServedTagger.Start(Model, "--batch-words", "100", "--log", "json");
        var answer = server.PostAsync(Body(20_000));
        await ServedTagger.UntilAsync(async () => await server.CounterAsync("tagger_batches_total") > 0, "a batch");
        Assert.False(answer.IsCompleted);
        server.Signal(signal);
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Single(server.Log, line => ((string)JsonNode.Parse(line)!["Message"]!)
            .StartsWith("stopping: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StopTimeoutBoundsHowLongTheyMayTake()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No POSIX signals.");
        using var server = ServedTagger.Start(Model, "--batch-words", "100", "--stop-timeout", "0");
        var answer = server.PostAsync(Body(30_000));
        await ServedTagger.UntilAsync(async () => await server.CounterAsync("tagger_batches_total") > 0, "a batch");
        server.Signal("-TERM");
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task ReloadTakesUpAnotherModelAndKeepsTheOldOneWhereItIsDamaged()
    {
        var folder = serving.CopyOfFolder("reloaded");
        using var server = ServedTagger.Start(folder, "--reload");
        using var other = ServedTagger.Start(folder);
        async Task<string> Answer(ServedTagger one) => (await one.TagAsync("Anna lives in Paris.")).ToJsonString();
        var before = await Answer(server);
        Assert.Equal(before, await Answer(other));

        Ldnet.Run("calibrate", "--model", folder, "--data", serving.Tagger.Labelled).Succeeded();
        await ServedTagger.UntilAsync(async () => await Answer(server) != before, "the new model answers");
        var after = await Answer(server);
        Assert.Equal(before, await Answer(other));
        Assert.Equal(1, await server.CounterAsync("tagger_reloads_total"));

        var weights = Path.Combine(folder, "model.safetensors");
        var whole = await File.ReadAllBytesAsync(weights, Cancellation);
        await File.WriteAllBytesAsync(weights, whole[..^8], Cancellation);
        await ServedTagger.UntilAsync(() => Task.FromResult(server.Log.Any(line =>
            line.Contains("the old one goes on", StringComparison.Ordinal)
            && line.Contains("model.safetensors", StringComparison.Ordinal))), "a word on the damaged file");
        Assert.Equal(after, await Answer(server));
        Assert.Contains("ready", await server.Client.GetStringAsync("readyz", Cancellation));

        await File.WriteAllBytesAsync(weights, whole, Cancellation);
        Ldnet.Run("calibrate", "--model", folder, "--remove").Succeeded();
        await ServedTagger.UntilAsync(async () => await Answer(server) == before, "the first model answers again");
    }
}
