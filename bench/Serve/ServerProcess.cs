using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using LdNetGpu.Devices;

namespace LdNetGpu.Bench;

/// <summary>ldnet serve, on a port that the system chose.</summary>
sealed class ServerProcess : IDisposable
{
    readonly Process process;

    ServerProcess(Process process, Uri address)
    {
        this.process = process;
        Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>Resident memory, MB.</summary>
    public double Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    public bool IsUp => !process.HasExited;

    public static ServerProcess Start(string model, string[] options)
    {
        var process = Process.Start(Ldnet(["serve", "--model", model, "--listen", "127.0.0.1:0", "--json", .. options],
            keepsErrors: false))!;
        var result = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            result += line;
            if (line == "}")
                return new(process, new(JsonDocument.Parse(result).RootElement.GetProperty("url").GetString()!));
        }
        throw new UserException("ldnet serve did not start: its message is above.");
    }

    /// <summary>The program beside this one.</summary>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="keepsErrors">Whether standard error is read here; else it is ours.</param>
    public static ProcessStartInfo Ldnet(string[] arguments, bool keepsErrors)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = keepsErrors,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ldnet.dll") },
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>The answer's status; the body is read.</summary>
    public async Task<int> PostAsync(byte[] body, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Client.PostAsync("tag", content, cancellation);
        await answer.Content.ReadAsByteArrayAsync(cancellation);
        return (int)answer.StatusCode;
    }

    /// <summary>The sum of a counter's lines, half a second old at most.</summary>
    public async Task<double> CounterAsync(string name)
    {
        await Task.Delay(500);
        var text = await Client.GetStringAsync("metrics");
        return Regex.Matches(text, $@"^{name}(?:\{{[^\n]*\}})? ([0-9.eE+]+)$", RegexOptions.Multiline)
            .Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
