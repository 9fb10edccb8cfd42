using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests;

/// <summary>A page in Chromium without a window, to be clicked on and typed into: the DevTools protocol.</summary>
sealed class BrowserPage : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;
    readonly string profile;
    readonly ClientWebSocket socket = new();
    int calls;

    BrowserPage(Process process, string profile) => (this.process, this.profile) = (process, profile);

    /// <summary>Opens a page and waits until it is loaded.</summary>
    public static async Task<BrowserPage> OpenAsync(Uri address)
    {
        var profile = Directory.CreateTempSubdirectory("ldnet-browser-").FullName;
        var process = Process.Start(new ProcessStartInfo(Browser.Program!)
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}",
                "--remote-debugging-port=0", "about:blank",
            },
        })!;
        var page = new BrowserPage(process, profile);
        try
        {
            await page.ConnectAsync();
            await page.CallAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
            await page.UntilAsync(
                $"location.href === '{address.AbsoluteUri}' && document.readyState === 'complete'");
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an expression of JavaScript is on the page.</summary>
    public async Task<JsonNode?> ValueAsync(string expression)
    {
        var result = await CallAsync("Runtime.evaluate",
            new() { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        Assert.Null(result["exceptionDetails"]?.ToJsonString());
        return result["result"]!["value"];
    }

    /// <summary>Asks again and again until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        for (var clock = Stopwatch.StartNew(); (bool?)await ValueAsync(expression) != true; await Task.Delay(50))
            Assert.True(clock.Elapsed < Patience, $"not so after {Patience.TotalSeconds} s: {expression}");
    }

    /// <summary>Clicks into the midst of what a selector finds, as a mouse does.</summary>
    public async Task ClickAsync(string selector)
    {
        var place = (await ValueAsync($"(() => {{ const e = document.querySelector({JsonValue.Create(selector)
            .ToJsonString()}); e.scrollIntoView(); const r = e.getBoundingClientRect(); "
            + "return [r.x + r.width / 2, r.y + r.height / 2]; })()"))!;
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
            await CallAsync("Input.dispatchMouseEvent", new()
            {
                ["type"] = type, ["x"] = (double)place[0]!, ["y"] = (double)place[1]!, ["button"] = "left",
                ["clickCount"] = 1,
            });
    }

    /// <summary>Types into what has the focus.</summary>
    public Task TypeAsync(string text) => CallAsync("Input.insertText", new() { ["text"] = text });

    /// <summary>Presses a key.</summary>
    /// <param name="key">As a KeyboardEvent calls it: Enter, Tab.</param>
    /// <param name="code">Its number on Windows.</param>
    /// <param name="isControl">Whether Ctrl is held.</param>
    public async Task PressAsync(string key, int code, bool isControl = false)
    {
        foreach (var type in new[] { "rawKeyDown", "keyUp" })
            await CallAsync("Input.dispatchKeyEvent", new()
            {
                ["type"] = type, ["key"] = key, ["windowsVirtualKeyCode"] = code, ["modifiers"] = isControl ? 2 : 0,
            });
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        // Its helpers may still be writing there.
        for (var left = 20; Directory.Exists(profile); left--)
            try
            {
                Directory.Delete(profile, recursive: true);
            }
            catch (IOException) when (left > 0)
            {
                await Task.Delay(50);
            }
    }

    async Task ConnectAsync()
    {
        const string mark = "DevTools listening on ";
        using var limit = new CancellationTokenSource(Patience);
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith(mark, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                using var client = new HttpClient();
                var tabs = JsonNode.Parse(await client.GetStringAsync(
                    $"http://{new Uri(line[mark.Length..]).Authority}/json/list", limit.Token))!.AsArray();
                var tab = tabs.First(one => (string?)one!["type"] == "page")!;
                await socket.ConnectAsync(new((string)tab["webSocketDebuggerUrl"]!), limit.Token);
                return;
            }
        Assert.Fail("Chromium ended before it could be spoken to.");
    }

    async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        var id = ++calls;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true,
            limit.Token);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[1 << 16];
            WebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer, limit.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var answer = JsonNode.Parse(message.ToArray())!;
            if ((int?)answer["id"] != id) continue;
            Assert.Null(answer["error"]?.ToJsonString());
            return answer["result"]!;
        }
    }
}
