using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace LdNetGpu.Mutation;

/// <summary>A <see cref="Worker"/> from without: started when needed, ended when a test takes too long.</summary>
sealed class WorkerProcess(string root, string mutated, bool withCpu) : IDisposable
{
    /// <summary>Faults after which a process is replaced, so that what tests leave behind does not pile up.</summary>
    const int Lifetime = 400;

    Process? process;
    Channel<string?> lines = Channel.CreateUnbounded<string?>();
    readonly ConcurrentQueue<string> errors = [];
    int served;

    /// <summary>Runs all tests without a fault.</summary>
    /// <param name="mutants">How many faults there are.</param>
    /// <param name="limit">Of each test.</param>
    public Baseline Measure(int mutants, TimeSpan limit)
    {
        var file = Path.Combine(mutated, "measured.json");
        Start("measure", mutants.ToString(null, null), file);
        string? line, last = null;
        while ((line = Read(limit))?.StartsWith("running ", StringComparison.Ordinal) == true) last = line;
        if (line != "measured") throw new InvalidOperationException(
            $"The tests ended without a result, {last}: {string.Join('\n', errors.Take(20))}");
        End();
        return JsonSerializer.Deserialize<Baseline>(File.ReadAllText(file))!;
    }

    /// <summary>Tries a fault.</summary>
    /// <param name="limit">Of each test.</param>
    public Outcome Try(Mutant mutant, IReadOnlyList<TestRun> tests, Func<TestRun, TimeSpan> limit)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (process is null)
            {
                Start("serve");
                if (Read(TimeSpan.FromMinutes(3)) != "ready")
                    throw new InvalidOperationException("The tests do not load.");
            }
            served++;
            process!.StandardInput.WriteLine(JsonSerializer.Serialize(
                new Order(mutant.Id, [.. tests.Select(test => test.Name)])));
            process.StandardInput.Flush();
            var running = "";
            var allowed = TimeSpan.FromSeconds(30);
            while (true)
            {
                var line = Read(allowed);
                if (line is null)
                {
                    End();
                    return new(mutant, Verdict.TimedOut, running);
                }
                if (line.StartsWith("running ", StringComparison.Ordinal))
                {
                    running = line[8..];
                    allowed = limit(tests.First(test => test.Name == running));
                    continue;
                }
                var answer = JsonSerializer.Deserialize<Answer>(line)!;
                if (answer.Stained || served >= Lifetime) End();
                // What an earlier fault left behind is no finding: once more, in a new process.
                if (answer.Stained && attempt == 0) break;
                return answer.Failed is null ? new(mutant, Verdict.Survived, "")
                    : new(mutant, Verdict.Killed, $"{answer.Failed}: {answer.Message}");
            }
        }
    }

    void Start(params string[] arguments)
    {
        lines = Channel.CreateUnbounded<string?>();
        served = 0;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        start.ArgumentList.Add("--worker");
        start.ArgumentList.Add(root);
        start.ArgumentList.Add(mutated);
        start.ArgumentList.Add(withCpu ? "cpu" : "-");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        var into = lines.Writer;
        process.OutputDataReceived += (_, data) => into.TryWrite(data.Data);
        errors.Clear();
        process.ErrorDataReceived += (_, data) => errors.Enqueue(data.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    // Null after the time, or when the process ended.
    string? Read(TimeSpan limit)
    {
        using var source = new CancellationTokenSource(limit);
        try
        {
            return lines.Reader.ReadAsync(source.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    void End()
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    public void Dispose() => End();
}
