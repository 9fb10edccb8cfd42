using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LdNetGpu.Devices.Mpi;

/// <summary>What started the processes of a run.</summary>
enum LauncherKind
{
    /// <summary>Open MPI's <c>mpirun</c>.</summary>
    OpenMpi,

    /// <summary>A launcher that speaks PMI: Hydra of MPICH and its family, or Slurm's <c>srun</c>.</summary>
    Pmi,

    /// <summary><c>torchrun</c> or whatever sets its variables: no MPI behind it.</summary>
    Torchrun,

    /// <summary>Slurm's <c>srun --mpi=none</c>, often its default: tasks that know of each other and nothing joins.
    /// </summary>
    SlurmWithoutPmi,
}

/// <summary>A process's place among those of its run, as its launcher says in the environment.</summary>
/// <param name="Kind">Of the launcher.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Rank">This process, from 0.</param>
/// <param name="Size">Processes in all; 0 where the launcher does not say.</param>
/// <param name="LocalRank">This process among those of its machine, from 0.</param>
sealed record Launcher(LauncherKind Kind, string Name, int Rank, int Size, int LocalRank)
{
    const string Slurm = "Slurm";

    // Longer than ranks of one run start one after the other, and than a launcher takes to end them.
    static readonly TimeSpan TimeOfFirst = TimeSpan.FromSeconds(2);

    /// <summary>Whether Slurm's <c>srun</c> is it.</summary>
    public bool IsSlurm => Name == Slurm;

    /// <summary>Whether a launcher's variable is set, whatever it says.</summary>
    public static bool IsPresent => ((string[])["OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"]).Any(name =>
        Environment.GetEnvironmentVariable(name) is not null);

    /// <summary>
    /// The launcher of this process; null where there is none. Open MPI is looked for first, then PMI, then the
    /// variables of torchrun: mpirun sets its own whatever else is set around it. Last comes srun by itself.
    /// </summary>
    /// <exception cref="UserException">A variable is no number, or a rank is outside of the run.</exception>
    public static Launcher? Detect() => Detect(Environment.GetEnvironmentVariable);

    /// <summary>The same from other variables.</summary>
    /// <param name="variable">Value of a variable; null where it is not set.</param>
    public static Launcher? Detect(Func<string, string?> variable)
    {
        int? Number(string name)
        {
            if (variable(name) is not { Length: > 0 } text) return null;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw new UserException($"{name}={text}: is no rank or number of ranks. Start with mpirun or srun, "
                    + "or take the variable out of the environment.");
        }

        Launcher Of(LauncherKind kind, string name, string rank, string size, params string[] local)
        {
            var (place, count) = (Number(rank)!.Value, Number(size));
            return count is null || place < count
                ? new(kind, name, place, count ?? 0, local.Select(Number).FirstOrDefault(one => one is not null) ?? 0)
                : throw new UserException($"{rank}={place} and {size}={count}: ranks count from 0 to one less than "
                    + "their number.");
        }

        if (Number("OMPI_COMM_WORLD_RANK") is not null)
            return Of(LauncherKind.OpenMpi, "Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE",
                "OMPI_COMM_WORLD_LOCAL_RANK");
        var pmi = variable("SLURM_STEP_ID") is not null ? Slurm : "MPICH";
        if (Number("PMI_RANK") is not null)
            return Of(LauncherKind.Pmi, pmi, "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "SLURM_LOCALID");
        if (Number("PMIX_RANK") is not null)
            return Of(LauncherKind.OpenMpi, Slurm, "PMIX_RANK", "SLURM_NTASKS", "SLURM_LOCALID");
        if (Number("RANK") is not null && Number("WORLD_SIZE") is not null)
            return Of(LauncherKind.Torchrun, "torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK");
        // One of these names alone may mean something else; beside MASTER_ADDR it does not.
        string[] both = ["RANK", "WORLD_SIZE"];
        if (variable("MASTER_ADDR") is not null
            && both.Where(name => string.IsNullOrEmpty(variable(name))).ToArray() is [var missing])
            throw new UserException($"MASTER_ADDR and {both.Single(name => name != missing)} are set, and {missing} is "
                + "not: ranks need all three. Set it, or take the others out of the environment.");
        if (Number("SLURM_PROCID") is not null && Number("SLURM_STEP_NUM_TASKS") is > 1)
            return Of(LauncherKind.SlurmWithoutPmi, "srun without PMI", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS",
                "SLURM_LOCALID");
        return null;
    }

    /// <summary>
    /// To be called before people are told what keeps this process from joining the others: where rank 0 has the same
    /// trouble, it says so meanwhile, and its launcher ends the rest. One message comes then, and not one of each rank.
    /// </summary>
    public void LetFirstSpeak()
    {
        if (Rank > 0) Thread.Sleep(TimeOfFirst);
    }

    /// <summary>
    /// To be called once they were told: MPICH's <c>mpirun</c> leaves the others in MPI_Init, whatever this process
    /// does, unless it hears this (PMI 1.1, "abort"). Other launchers end them by themselves.
    /// </summary>
    /// <param name="exitCode">With which all end.</param>
    public void EndOthers(int exitCode)
    {
        if (Kind != LauncherKind.Pmi || IsSlurm || Size == 1) return;
        if (!int.TryParse(Environment.GetEnvironmentVariable("PMI_FD"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)) return;
        using var handle = new SafeFileHandle(number, ownsHandle: false);
        using var launcher = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        launcher.Write(Encoding.ASCII.GetBytes(Invariant($"cmd=abort exitcode={exitCode}\n")));
        // Its end comes from there, with the others'.
        Thread.Sleep(TimeOfFirst);
    }
}
