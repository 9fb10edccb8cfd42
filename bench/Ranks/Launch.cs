using System.Diagnostics;
using System.Text.Json;

namespace LdNetGpu.Bench;

/// <summary>How two ranks reach each other.</summary>
/// <param name="Name">For people.</param>
/// <param name="Mpi"><c>mpich</c> or <c>openmpi</c>.</param>
/// <param name="Options">Of its mpirun.</param>
/// <param name="Wire">Between two namespaces; null on one machine.</param>
sealed record RankPath(string Name, string Mpi, string[] Options, WireOptions? Wire = null);

/// <summary>Starts this program as ranks.</summary>
static class Launch
{
    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ranks-bench.dll");

    /// <summary>Two ranks over a path; what rank 0 wrote.</summary>
    /// <exception cref="IOException">They did not come to their end.</exception>
    public static T Ranks<T>(RankPath path, params string[] arguments)
    {
        var result = Path.GetTempFileName();
        try
        {
            List<string> command = path.Mpi == "openmpi" ? ["-n", "2", "--bind-to", "none"] : ["-n", "2"];
            if (path.Wire is not null)
            {
                string[] over = ["--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", Wire.Network, "--mca",
                    "oob_tcp_if_include", Wire.Network, "--mca", "plm_rsh_agent", Agent(), "--host",
                    string.Join(',', Wire.Addresses)];
                command.InsertRange(0, over);
                command.InsertRange(0, ["netns", "exec", Wire.Spaces[0], $"mpirun.{path.Mpi}"]);
            }
            command.AddRange([.. path.Options, "dotnet", Program, .. arguments, "--result", result]);
            if (path.Wire is not null) command.AddRange(["--wire", $"{Environment.ProcessId}"]);
            using var process = Start(path.Wire is null ? $"mpirun.{path.Mpi}" : "ip", command);
            Finish(process);
            return Read<T>(result);
        }
        finally
        {
            File.Delete(result);
        }
    }

    /// <summary>So many processes at once that do not know of each other; what the first wrote.</summary>
    public static T Alone<T>(int processes, params string[] arguments)
    {
        var results = Enumerable.Range(0, processes).Select(_ => Path.GetTempFileName()).ToArray();
        try
        {
            var running = results.Select(result =>
                Start("dotnet", [Program, .. arguments, "--result", result])).ToArray();
            foreach (var process in running)
            {
                Finish(process);
                process.Dispose();
            }
            return Read<T>(results[0]);
        }
        finally
        {
            foreach (var result in results) File.Delete(result);
        }
    }

    public static void Write<T>(string file, T result) => File.WriteAllText(file, JsonSerializer.Serialize(result));

    static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(file))!;

    // What mpirun starts where it would take ssh: a shell in the other namespace.
    static string Agent()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "agent");
        File.WriteAllText(script, $"#!/bin/sh\nshift\nexec ip netns exec {Wire.Spaces[1]} sh -c \"$*\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }

    static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in (string[])["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
            "OMPI_MCA_rmaps_base_oversubscribe"])
            start.Environment[name] = "1";
        return Process.Start(start)!;
    }

    static void Finish(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new IOException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}: "
                + $"exit code {process.ExitCode}\n{output.Result}{error.Result}");
    }
}
