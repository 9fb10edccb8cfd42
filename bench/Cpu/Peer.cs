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

    /// <summary>A process of PyTorch's that is ready to measure a row.</summary>
    public MeasuringProcess Start(WorkGroup group, Work work, RunOptions options) => new($"PyTorch, {work.PeerName}", python,
        [script, "--device", "cpu", "--threads", $"{options.Threads}", "--what", group.Name, "--only", work.PeerName, "--warm", $"{group.WarmUp}", "--turns",
            .. options.CpuTime ? ["--cpu-time"] : Array.Empty<string>()]);
}
