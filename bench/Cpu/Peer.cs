namespace LdNetGpu.Bench;

/// <summary>PyTorch, through <c>bench/peers/torch_ldnet.py</c> and the first Python that can import torch.</summary>
sealed class Peer
{
    readonly string python, script;

    Peer(string python, string script, string version) => (this.python, this.script, Version) = (python, script, version);

    public string Version { get; }

    /// <summary>Null, and why, where there is none.</summary>
    public static (Peer? Peer, string Reason) Find(string root, string? given)
    {
        var script = Path.Combine(root, "bench", "peers", "torch_ldnet.py");
        if (!File.Exists(script)) return (null, $"{script} is missing");
        string[] candidates = given is null ? ["python3", "/usr/bin/python3", "/usr/local/bin/python3", "python"] : [given];
        foreach (var candidate in candidates)
            if (ChildProcess.Run(candidate, "-c", "import torch; print(torch.__version__)") is { Status: 0 } outcome)
                return (new(candidate, script, outcome.Lines[^1]), "");
        return (null, $"no torch in {string.Join(", ", candidates)}");
    }

    public IEnumerable<Measurement> Measure(WorkGroup group, IEnumerable<string> rows, RunOptions options)
    {
        var outcome = ChildProcess.Run(python, [script, "--device", "cpu", "--threads", $"{options.Threads}", "--what", group.Name, "--only", string.Join(',', rows),
            .. options.CpuTime ? ["--cpu-time"] : Array.Empty<string>(), "--reps", $"{group.Repetitions}", "--warm", $"{group.WarmUp}"])!;
        // The script reports a group that fails as a comment and goes on.
        if (outcome.Lines.FirstOrDefault(line => line.Contains(" failed: ", StringComparison.Ordinal)) is { } failure) throw new InvalidOperationException($"PyTorch: {failure}");
        if (outcome.Status != 0) throw new InvalidOperationException($"PyTorch, {group.Name}: exit {outcome.Status}, {outcome.Error}");
        return Measurement.Parse(outcome.Lines);
    }
}
