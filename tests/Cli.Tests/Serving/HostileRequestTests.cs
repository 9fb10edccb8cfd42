using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Serving;

/// <summary>Every request that is not as it should be has a clear answer, and the server stays up.</summary>
[Collection(Serving.Name)]
public sealed class HostileRequestTests(ServingFixture serving)
{
    const string Head = "POST /tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "empty", "Send {\"text\": ")]
    [InlineData(" \n", "empty")]
    [InlineData("{", "ends after line 1, byte 1,")]
    [InlineData("{\"text\": \"Anna\"\n", "ends after line 1, byte 16,")]
    [InlineData("{'text': 'Anna'}", "double quotes, in line 1, byte 2.")]
    [InlineData("{text: 1}", "t is not what JSON has there, in line 1, byte 2.")]
    [InlineData("\n\n{\"caf\u00e9\" \u00e9}", "\u00e9 is not what JSON has there, in line 3, byte 10.")]
    [InlineData("{\"text\": nul}", "line 1, byte 13.")]
    [InlineData("{\"text\": \"Anna\",\n}", "} follows a comma, in line 2, byte 1.")]
    [InlineData("{\"text\": \"Anna\nBob\"}", "\\u000a, in line 1, byte 15.")]
    [InlineData("{\"text\": \"C:\\x\"}", "\\x is no escape of JSON", "byte 14.")]
    [InlineData("\ufeff{\"text\": \"Anna\"}", "byte order mark", "byte 1.")]
    [InlineData("{\"text\": \u00a01}", "\u00a0 is not")]
    [InlineData("{\"text\": \u202e1}", "byte 0xE2 is not")]
    [InlineData("{\"text\": 1}", "text is a value of another kind")]
    [InlineData("{\"text\": [\"Anna\"]}", "text is a value of another kind")]
    [InlineData("{\"texts\": \"Anna\"}", "texts is a value of another kind")]
    [InlineData("{\"texts\": [\"Anna\", 2]}", "texts[1] is a value of another kind")]
    [InlineData("{\"texts\": [\"Anna\", null]}", "texts[1] is null")]
    [InlineData("{\"text\": \"Anna\", \"texts\": []}", "both text and texts")]
    [InlineData("{\"offsets\": \"utf16\"}", "neither text nor texts")]
    [InlineData("{\"text\": null}", "neither text nor texts")]
    [InlineData("null", "null")]
    [InlineData("[]", "another kind")]
    [InlineData("\"Anna\"", "another kind")]
    [InlineData("{\"text\": \"Anna\"} {}", "{ follows the end of the JSON, in line 1, byte 18.")]
    [InlineData("{\"text\": \"Anna\", \"text\": \"Bob\"}", "text is there twice")]
    [InlineData("{\"text\": \"Anna\", \"model\": \"/etc/passwd\"}", "\"model\" is none of its keys")]
    [InlineData("{\"$type\": \"System.Diagnostics.Process\", \"text\": \"Anna\"}", "$type")]
    [InlineData("{\"text\": \"Anna\", \"offsets\": \"utf32\"}", "offsets", "codepoints", "utf16")]
    [InlineData("{\"text\": \"Anna\", \"offsets\": 1}", "offsets is a value of another kind")]
    [InlineData("{\"text\": \"Anna\", \"sentence_break\": \"page\"}", "sentence_break", "blank", "line")]
    [InlineData("{\"text\": \"Anna \\ud83d\"}", "half of a surrogate pair")]
    public async Task ABodyThatIsNoRequestIsRefusedWithItsPlace(string body, params string[] words) =>
        await RefusedAsync(await serving.Server.PostAsync(body), 400, words);

    [Fact]
    public async Task BytesThatAreNoTextAreRefused()
    {
        await RefusedAsync(await serving.Server.PostAsync([.. "{\"text\":\"caf"u8, 0xE9, .. "\"}"u8]), 400,
            "no UTF-8", "line 1, byte 13.");
        await RefusedAsync(await serving.Server.PostAsync([0, 1, 2, 255]), 400, "byte 1");
        await RefusedAsync(await serving.Server.PostAsync(new string('[', 500_000)), 400);
        await RefusedAsync(await serving.Server.PostAsync(
            $"{{\"text\":\"Anna\",\"x\":{new string('[', 400_000)}{new string(']', 400_000)}}}"), 400,
            "more than 64 deep", "line 1, byte 83.");
    }

    /// <summary>Files with such are binary; JSON says that it is meant.</summary>
    [Fact]
    public async Task ZerosAndOtherControlsAreText() => Assert.Contains(
        (5, 9), (await serving.Server.TagAsync("\0\x01\x1b\u202e Anna\0")).AsArray()
            .Select(name => ((int)name!["start"]!, (int)name["end"]!)));

    [Theory, InlineData("text/plain"), InlineData("application/x-www-form-urlencoded"), InlineData("image/png")]
    public async Task WhatIsNoJsonByItsTypeIsRefused(string type) => await RefusedAsync(
        await serving.Server.PostAsync("{\"text\":\"Anna\"}"u8.ToArray(), type), 415, "application/json");

    [Theory]
    [InlineData("gzip", "application/json", "Content-Encoding: gzip")]
    [InlineData("identity, br", "application/json", "Content-Encoding: identity, br")]
    [InlineData("identity", "application/json; charset=utf-16", "charset=utf-16", "UTF-8")]
    [InlineData("", "application/json; charset=\"ISO-8859-1\"", "charset=ISO-8859-1")]
    public async Task OtherEncodingsAreRefusedByName(string coding, string type, params string[] words)
    {
        using var answer = await Encoded(coding, type);
        await RefusedAsync(answer, 415, words);
    }

    [Theory, InlineData("", "utf-8"), InlineData("Identity", "\"UTF-8\""), InlineData("", "us-ascii")]
    public async Task JsonsOwnEncodingIsTakenByAnyName(string coding, string charset)
    {
        using var answer = await Encoded(coding, $"application/json; charset={charset}");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    async Task<HttpResponseMessage> Encoded(string coding, string type)
    {
        using var content = new ByteArrayContent("{\"text\":\"Anna\"}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding.Length > 0) content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await serving.Server.Client.PostAsync("tag", content, Cancellation);
    }

    [Fact]
    public async Task OtherPathsAndMethodsAreRefused()
    {
        await RefusedAsync(await serving.Server.Client.GetAsync("nothing", Cancellation), 404, "POST /tag");
        await RefusedAsync(await serving.Server.Client.GetAsync("../../etc/passwd", Cancellation), 404);
        using var get = await serving.Server.Client.GetAsync("tag", Cancellation);
        Assert.Equal(["POST"], get.Content.Headers.Allow);
        await RefusedAsync(get, 405, "POST /tag");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ABodyOf100MegabytesIsRefusedUnread(bool isChunked)
    {
        var before = serving.Server.Memory;
        using var content = new StreamContent(new Zeros(100_000_000, isChunked));
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "tag") { Content = content };
        // Asked for first, so that the answer is read before the connection ends.
        request.Headers.ExpectContinue = !isChunked;
        try
        {
            await RefusedAsync(await serving.Server.Client.SendAsync(request, Cancellation), 413, "1048576", "Divide");
        }
        catch (HttpRequestException) when (isChunked)
        {
            // Whether the answer comes before the end of a connection that is still written to is the system's choice.
            Assert.True(isChunked);
        }
        Assert.InRange(serving.Server.Memory - before, long.MinValue, 40_000_000);
        await StillAnswersAsync();
    }

    [Theory]
    [InlineData("\0\x01\x02 garbage\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\n\r\n", 505)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n", 400)]
    [InlineData(Head + "Content-Length: -5\r\n\r\n", 400)]
    [InlineData(Head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nZZZ\r\n", 400)]
    [InlineData(Head + "Transfer-Encoding: gzip\r\n\r\n", 400)]
    [InlineData(Head + "\r\n", 400)]
    [InlineData("GET /?LONG HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: LONG\r\n\r\n", 431)]
    public async Task WhatIsNoHttpHasAnAnswer(string request, int status)
    {
        var answer = await RawAsync(request.Replace("LONG", new('a', 100_000), StringComparison.Ordinal));
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        await StillAnswersAsync();
    }

    [Fact]
    public async Task AThousandOpenConnectionsHoldUpNobody()
    {
        var connections = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var connection = new TcpClient();
                connections.Add(connection);
                await connection.ConnectAsync(serving.Server.Address.Host, serving.Server.Address.Port, Cancellation);
                // Half of them begin a request that does not go on.
                if (i % 2 == 0)
                    await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head), Cancellation);
            }
            await StillAnswersAsync();
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
        await StillAnswersAsync();
    }

    async Task<string> RawAsync(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(serving.Server.Address.Host, serving.Server.Address.Port, Cancellation);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancellation);
        var answer = new byte[1 << 16];
        var length = await stream.ReadAsync(answer, Cancellation);
        return Encoding.Latin1.GetString(answer, 0, length);
    }

    async Task StillAnswersAsync() =>
        Assert.NotEmpty((await serving.Server.TagAsync("Anna lives in Paris.")).AsArray());

    /// <summary>This status, and a problem of RFC 9457 with these words and without a stack trace.</summary>
    internal static async Task RefusedAsync(HttpResponseMessage answer, int status, params string[] words)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode}, expected {status}: {text}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var problem = JsonNode.Parse(text)!;
            Assert.Equal(status, (int)problem["status"]!);
            Assert.NotEqual("", (string?)problem["title"]);
            foreach (var word in words)
                Assert.Contains(word, (string?)problem["detail"], StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("LdNetGpu", text, StringComparison.Ordinal);
        }
    }

    /// <summary>So many spaces, which JSON may begin with.</summary>
    sealed class Zeros(long length, bool hidesLength) : Stream
    {
        long read;

        public override bool CanRead => true;

        public override bool CanSeek => !hidesLength;

        public override bool CanWrite => false;

        public override long Length => hidesLength ? throw new NotSupportedException() : length;

        public override long Position { get => read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var now = (int)Math.Min(count, length - read);
            buffer.AsSpan(offset, now).Fill((byte)' ');
            read += now;
            return now;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    // As from a page elsewhere whose name was made to lead to this machine.
    [Theory, InlineData("evil.com", 421), InlineData("localhost", 200), InlineData("LocalHost", 200)]
    [InlineData("[::1]:8080", 200)]
    public async Task OnlyThisMachinesNamesAreAnswered(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz");
        request.Headers.Host = host;
        using var answer = await serving.Server.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}
