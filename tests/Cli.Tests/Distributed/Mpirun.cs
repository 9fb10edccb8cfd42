using System.Diagnostics;

namespace LdNetGpu.Tests.Distributed;

/// <summary>The program as <c>mpirun</c> of MPICH or of Open MPI starts it.</summary>
static class Mpirun
{
    // What mpirun prints of its own when a rank ends does not count: the program's words are looked for in all of it.
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Kinds => ["mpich", "openmpi"];

    /// <summary>Ranks with one command line.</summary>
    public static LdnetProcess Run(string kind, int ranks, params string[] arguments) =>
        RunWith(kind, [], [(ranks, arguments)]);

    /// <summary>Groups of ranks with command lines of their own, before which their own variables may stand
    /// (<c>NAME=value</c>), and variables for all.</summary>
    public static LdnetProcess RunWith(string kind, (string Name, string Value)[] variables,
        params (int Ranks, string[] Arguments)[] groups)
    {
        using var process = Start(kind, variables, groups);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"mpirun.{kind} did not end within {Longest}.");
        }
        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static Process Start(string kind, (string Name, string Value)[] variables,
        params (int Ranks, string[] Arguments)[] groups)
    {
        RequireMpi(kind);
        var start = new ProcessStartInfo($"mpirun.{kind}")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // Tests run as root in a container, and more ranks than there are cores.
        (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        start.Environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1";
        LdnetProcess.StartQuickly(start);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        foreach (var (ranks, arguments) in groups)
        {
            if (start.ArgumentList.Count > 0) start.ArgumentList.Add(":");
            string[] own = [.. arguments.TakeWhile(argument => argument.Contains('=') && argument[0] != '-')];
            foreach (var argument in (string[])["-n", $"{ranks}", "env", .. own, "dotnet",
                Path.Combine(AppContext.BaseDirectory, "ldnet.dll"), .. arguments[own.Length..]])
                start.ArgumentList.Add(argument);
        }
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Skips the test without this MPI; fails it where CI has installed it.</summary>
    public static void RequireMpi(string kind)
    {
        var isHere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, $"mpirun.{kind}")));
        if (isHere) return;
        if (Environment.GetEnvironmentVariable("LDNET_REQUIRE_DRIVERS") == "1")
            Assert.Fail($"LDNET_REQUIRE_DRIVERS=1, and there is no mpirun.{kind}.");
        Assert.Skip($"no mpirun.{kind}: Debian has it in the package {(kind == "mpich" ? "mpich" : "openmpi-bin")}");
    }
}
