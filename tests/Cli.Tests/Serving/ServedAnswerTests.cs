using System.Net;
using System.Text.Json.Nodes;
using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Serving;

/// <summary>What <c>ldnet serve</c> answers to requests that are as they should be.</summary>
[Collection(Serving.Name)]
public sealed class ServedAnswerTests(ServingFixture serving)
{
    const string Text = "\uFEFF😀 Anna\r\nlives in  Paris. \"Bob's\ttown\", said Karl.\r\n\r\nOslo e\u0301! "
        + "Karl Lee\nOslo\n";

    static int files;

    JsonNode Tagged(string text, params string[] options) => Ldnet.Run(["tag", "--model", serving.Tagger.Folder,
        "--input", "raw", "--format", "entities", .. options, serving.Tagger.Write($"served{files++}.txt", text)]).Json;

    [Theory]
    [InlineData(null, null)]
    [InlineData("codepoints", "blank")]
    [InlineData("utf16", null)]
    [InlineData(null, "line")]
    public async Task AnAnswerIsWhatTagWrites(string? offsets, string? lineEnds)
    {
        var body = new JsonObject { ["text"] = Text };
        if (offsets is not null) body["offsets"] = offsets;
        if (lineEnds is not null) body["sentence_break"] = lineEnds;
        var answer = await serving.Server.TagAsync(body);
        Assert.NotEmpty(answer.AsArray());
        string[] options = [.. offsets is null ? [] : new[] { "--offsets", offsets },
            .. lineEnds is null ? [] : new[] { "--sentence-break", lineEnds }];
        Assert.Equal(Tagged(Text, options).ToJsonString(), answer.ToJsonString());
    }

    [Fact]
    public async Task OptionsOfABodyChangeTheAnswer()
    {
        var plain = (await serving.Server.TagAsync(Text)).ToJsonString();
        foreach (var (key, value) in new[] { ("offsets", "utf16"), ("sentence_break", "line") })
            Assert.NotEqual(plain,
                (await serving.Server.TagAsync(new JsonObject { ["text"] = Text, [key] = value })).ToJsonString());
    }

    [Fact]
    public async Task SeveralTextsHaveTheirAnswersInOrder()
    {
        string[] texts = ["Anna lives in Paris.", "", " \n\n", "Oslo and Paris", Text];
        var answer = await serving.Server.TagAsync(
            new JsonObject { ["texts"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]) });
        Assert.Equal(texts.Length, answer.AsArray().Count);
        foreach (var (text, names) in texts.Zip(answer.AsArray()))
            Assert.Equal(text.Trim().Length == 0 ? "[]" : Tagged(text).ToJsonString(), names!.ToJsonString());
        Assert.Equal("[]",
            (await serving.Server.TagAsync(new JsonObject { ["texts"] = new JsonArray() })).ToJsonString());
    }

    [Fact]
    public async Task RequestsThatComeTogetherAreTaggedTogetherAndEachHasItsOwnAnswer()
    {
        const int requests = 64;
        var (batches, sentences) = (await serving.Server.CounterAsync("tagger_batches_total"),
            await serving.Server.CounterAsync("tagger_sentences_total"));
        var texts = Enumerable.Range(0, requests)
            .Select(i => string.Concat(Enumerable.Repeat("Anna lives in Paris. ", i % 7 + 1)) + $"No {i}.").ToArray();
        var answers = await Task.WhenAll(texts.Select(text => serving.Server.TagAsync(text)));
        foreach (var number in new[] { 0, 1, 30, requests - 1 })
            Assert.Equal(Tagged(texts[number]).ToJsonString(), answers[number].ToJsonString());
        Assert.Equal(texts.Sum(text => text.Count(letter => letter == '.')),
            await serving.Server.CounterAsync("tagger_sentences_total") - sentences);
        Assert.InRange(await serving.Server.CounterAsync("tagger_batches_total") - batches, 1, requests / 2);
    }

    [Theory, InlineData("healthz", "ok"), InlineData("readyz", "ready")]
    public async Task ItsStateIsTold(string path, string status) => Assert.Equal($"{{\"status\":\"{status}\"}}",
        await serving.Server.Client.GetStringAsync(path, TestContext.Current.CancellationToken));

    [Theory, InlineData(""), InlineData("healthz"), InlineData("readyz"), InlineData("metrics"),
     InlineData("openapi.json")]
    public async Task AHeadIsThatOfTheAnswer(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await serving.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        using var whole = await serving.Server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString());
        Assert.Equal("", await head.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await ServedTagger.UntilAsync(() => Task.FromResult(serving.Server.Log.Any(line =>
            line.Contains($"HEAD /{path} 200", StringComparison.Ordinal))), "its method in the log");
    }

    [Fact]
    public async Task ItsDescriptionHasTheKeysOfRequestsAndAnswers()
    {
        var description = JsonNode.Parse(
            await serving.Server.Client.GetStringAsync("openapi.json", TestContext.Current.CancellationToken))!;
        Assert.Equal(["/healthz", "/readyz", "/tag"],
            description["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        var answers = description["paths"]!["/tag"]!["post"]!["responses"]!;
        Assert.Equal(["200", "400", "408", "413", "415", "429", "500", "503"],
            answers.AsObject().Select(answer => answer.Key).Order(StringComparer.Ordinal));
        Assert.Equal(2, answers["200"]!["content"]!["application/json"]!["schema"]!["oneOf"]!.AsArray().Count);
        IEnumerable<string> Keys(string schema) =>
            description["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(property => property.Key);
        Assert.Equal(["text", "texts", "offsets", "sentence_break"], Keys("TagRequest"));
        Assert.Equal(["entity_group", "score", "word", "start", "end"], Keys("NamedEntity"));
    }

    [Fact]
    public async Task MetricsCountWordsRequestsAndMemory()
    {
        await serving.Server.TagAsync("Anna lives in Paris.");
        foreach (var name in new[] { "tagger_words_total", "tagger_batch_duration_seconds_count",
            "http_server_request_duration_seconds_count", "dotnet_process_memory_working_set_bytes" })
            Assert.True(await serving.Server.CounterAsync(name) > 0, name);
    }

    [Fact]
    public async Task AClientThatLeavesIsForgotten()
    {
        await serving.Server.TagAsync("Anna lives in Paris.");
        var text = string.Concat(Enumerable.Repeat("Anna lives in Paris with Bob. ", 30_000));
        using var content = System.Net.Http.Json.JsonContent.Create(new { text });
        await content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        // All that takes long in the client is done before: it leaves once its body is sent.
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            serving.Server.Client.PostAsync("tag", content, leaving.Token));
        await ServedTagger.UntilAsync(async () => await serving.Server.CounterAsync("tagger_refused_total") > 0
            && await serving.Server.CounterAsync("tagger_queue_size") == 0, "its sentences are dropped");
        Assert.Equal(HttpStatusCode.OK, (await serving.Server.PostAsync("{\"text\":\"Anna\"}")).StatusCode);
    }
}
