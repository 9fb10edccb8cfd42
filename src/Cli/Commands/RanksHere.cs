using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Devices.Nccl;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Whether a launcher started this process with others, and the libraries that it would join them with.
/// </summary>
/// <param name="Launcher">Null where there is none.</param>
/// <param name="Mpi">Name, and where it is or why it is not here.</param>
/// <param name="Nccl">The same of NCCL.</param>
/// <param name="Problem">Of the launcher's variables; null where there is none.</param>
sealed record RanksHere(Launcher? Launcher, IReadOnlyList<(string Name, string Found)> Mpi,
    (string Name, string Found) Nccl, string? Problem)
{
    public static RanksHere Find()
    {
        var (launcher, problem) = ((Launcher?)null, (string?)null);
        try
        {
            launcher = Launcher.Detect();
        }
        catch (UserException error)
        {
            problem = error.Message;
        }
        LauncherKind[] kinds = launcher is { Kind: LauncherKind.OpenMpi or LauncherKind.Pmi }
            ? [launcher.Kind] : [LauncherKind.OpenMpi, LauncherKind.Pmi];
        return new(launcher, [.. kinds.Select(kind => Shown(MpiLibrary.Search(kind), search => Shown(search, kind)))],
            Shown(NcclApi.Search(), search => new NcclApi(search).Version), problem);
    }

    static string Shown(NativeLibrarySearch search, LauncherKind kind)
    {
        var library = new MpiLibrary(search);
        return library.Serves(kind) ? library.Version : $"{library.Version}: not the {search.Library}";
    }

    public JsonObject ToJson() => new()
    {
        ["launcher"] = Launcher?.Name, ["rank"] = Launcher?.Rank, ["size"] = Launcher?.Size,
        ["local_rank"] = Launcher?.LocalRank, ["problem"] = Problem,
        ["mpi"] = new JsonObject(Mpi.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Found))),
        ["nccl"] = Nccl.Found,
    };

    public IEnumerable<string> Lines()
    {
        yield return Problem is not null ? $"{"ranks",-9}  {Problem}"
            : Launcher is null ? $"{"ranks",-9}  none: neither mpirun, srun nor torchrun started this process"
            : $"{"ranks",-9}  rank {Launcher.Rank} of {(Launcher.Size == 0 ? "several" : $"{Launcher.Size}")}, "
                + $"{Launcher.LocalRank} of this machine, by {Launcher.Name}";
        foreach (var (name, found) in Mpi.Append(Nccl)) yield return $"{"",-11}{name}: {found}";
    }

    static (string Name, string Found) Shown(NativeLibrarySearch search, Func<NativeLibrarySearch, string> version)
    {
        if (!search.Found)
            return (search.Library, "not found; tried "
                + string.Join(", ", search.Attempts.Select(attempt => $"{attempt.Place} ({attempt.Problem})"))
                + $"; {search.Variable}=PATH if it is elsewhere");
        try
        {
            return (search.Library, $"{search.Place}, {version(search)}");
        }
        catch (UserException error)
        {
            return (search.Library, error.Message);
        }
    }
}
