using System.Diagnostics;

namespace LdNetGpu.Tests.Distributed;

/// <summary>A rank among this machine's processes, to be sent signals.</summary>
static class RankProcess
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Bearable = TimeSpan.FromSeconds(30);

    /// <summary>Rank 1 of those whose command line names the folder.</summary>
    public static Process RankOne(string folder)
    {
        foreach (var (id, rank) in Ranks())
            if (rank == 1 && Names(id, folder)) return Process.GetProcessById(id);
        throw new InvalidOperationException($"No rank 1 of {folder}.");
    }

    public static bool Names(int id, string folder) =>
        Text($"/proc/{id}/cmdline").Contains(folder, StringComparison.Ordinal);

    /// <summary>Every process that a launcher started.</summary>
    public static IEnumerable<(int Id, int Rank)> Ranks()
    {
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), out var id)) continue;
            var variables = Text($"{path}/environ").Split('\0');
            var said = variables.FirstOrDefault(one => one.StartsWith("PMI_RANK=", StringComparison.Ordinal)
                || one.StartsWith("OMPI_COMM_WORLD_RANK=", StringComparison.Ordinal));
            if (int.TryParse(said?.Split('=')[1], out var rank)) yield return (id, rank);
        }
    }

    public static void Signal(string signal, int id) => Process.Start("kill", [signal, $"{id}"]).WaitForExit();

    public static void WaitFor(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(20))
            if (clock.Elapsed > Bearable) Assert.Fail("It did not come within 30 s.");
    }

    static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
