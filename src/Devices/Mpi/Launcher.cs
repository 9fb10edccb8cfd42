using System.Globalization;

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

        Launcher Of(LauncherKind kind, string name, string rank, string? size, params string[] local)
        {
            var found = new Launcher(kind, name, Number(rank)!.Value, size is null ? 0 : Number(size) ?? 0,
                local.Select(Number).FirstOrDefault(number => number is not null) ?? 0);
            return found.Size == 0 || found.Rank < found.Size ? found
                : throw new UserException($"{rank}={found.Rank} and {size}={found.Size}: ranks count from 0 to one "
                    + "less than their number.");
        }

        if (Number("OMPI_COMM_WORLD_RANK") is not null)
            return Of(LauncherKind.OpenMpi, "Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE",
                "OMPI_COMM_WORLD_LOCAL_RANK");
        var slurm = variable("SLURM_STEP_ID") is not null ? "Slurm" : "MPICH";
        if (Number("PMI_RANK") is not null)
            return Of(LauncherKind.Pmi, slurm, "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "SLURM_LOCALID");
        if (Number("PMIX_RANK") is not null)
            return Of(LauncherKind.OpenMpi, "Slurm", "PMIX_RANK", "SLURM_NTASKS", "SLURM_LOCALID");
        if (Number("RANK") is not null && Number("WORLD_SIZE") is not null)
            return Of(LauncherKind.Torchrun, "torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK");
        if (Number("SLURM_PROCID") is not null && Number("SLURM_STEP_NUM_TASKS") is > 1)
            return Of(LauncherKind.SlurmWithoutPmi, "srun without PMI", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS",
                "SLURM_LOCALID");
        return null;
    }
}
