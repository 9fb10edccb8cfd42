namespace LdNetGpu.Bench;

/// <summary>Who is measured beside us, in processes of its own.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Version">Its own word for its version.</param>
/// <param name="Program">What is started.</param>
/// <param name="Arguments">The first arguments, for every row.</param>
/// <param name="Preload">A library that the loader takes before all others; none where null.</param>
sealed record Peer(string Name, string Version, string Program, IReadOnlyList<string> Arguments, string? Preload = null)
{
    /// <summary>libtorch through TorchSharp, the strongest in .NET.</summary>
    public const string LibTorch = "libtorch";

    /// <summary>PyTorch, of the first Python that can import torch.</summary>
    public const string PyTorch = "pytorch";

    /// <summary>Null, and why, where there is none.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="wanted"><see cref="LibTorch"/>, <see cref="PyTorch"/>, or null for the first that runs.</param>
    /// <param name="python">The Python for <see cref="PyTorch"/>; null tries a few.</param>
    public static (Peer? Peer, string Reason) Find(string root, string? wanted, string? python)
    {
        var reasons = new List<string>();
        foreach (var find in (Func<(Peer? Peer, string Reason)>[])
            [.. Asked(LibTorch, () => FindLibTorch(root)), .. Asked(PyTorch, () => FindPyTorch(root, python))])
        {
            var (peer, reason) = find();
            if (peer is not null) return (peer, "");
            reasons.Add(reason);
        }
        return (null, string.Join("; ", reasons));

        IEnumerable<T> Asked<T>(string name, T find) => wanted is null || wanted == name ? [find] : [];
    }

    /// <summary>A process that is ready to measure a row.</summary>
    public MeasuringProcess Start(WorkGroup group, Work work, RunOptions options)
    {
        List<string> arguments =
        [
            .. Arguments, "--threads", $"{options.Threads}", "--what", group.Name, "--only", work.PeerName,
            "--warm", $"{group.WarmUp}",
        ];
        if (options.CpuTime) arguments.Add("--cpu-time");
        return new($"{Name}, {work.PeerName}", Program, arguments, Preload);
    }

    static (Peer?, string) FindLibTorch(string root)
    {
        const string build = "dotnet build bench/LibTorch -c Release -p:LibTorch=true";
        var folder = Path.Combine(root, "bench", "LibTorch", "bin", "Release", "net10.0");
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? "libtorch-bench.exe" : "libtorch-bench");
        if (!File.Exists(program)) return (null, $"libtorch is not built: {build}");
        // Stands in for a symbol that libtorch wants of a newer libstdc++ than Debian 12 has.
        var standIn = Path.Combine(folder, "libios_init.so");
        var preload = File.Exists(standIn) ? standIn : null;
        return ChildProcess.Run(program, ["--version"], preload) is { Status: 0 } outcome
            ? (new("libtorch", outcome.Lines[^1], program, [], preload), "")
            : (null, $"libtorch does not load: it has no library ({build}), or the C++ library is too old");
    }

    static (Peer?, string) FindPyTorch(string root, string? given)
    {
        var script = Path.Combine(root, "bench", "peers", "torch_ldnet.py");
        if (!File.Exists(script)) return (null, $"{script} is missing");
        string[] candidates = given is null
            ? ["python3", "/usr/bin/python3", "/usr/local/bin/python3", "python"] : [given];
        foreach (var candidate in candidates)
            if (ChildProcess.Run(candidate, ["-c", "import torch; print(torch.__version__)"]) is { Status: 0 } outcome)
                return (new("PyTorch", outcome.Lines[^1], candidate, [script, "--device", "cpu", "--turns"]), "");
        return (null, $"no torch in {string.Join(", ", candidates)}");
    }
}
