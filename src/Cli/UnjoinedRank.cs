using LdNetGpu.Devices;
using LdNetGpu.Devices.Mpi;

namespace LdNetGpu.Cli;

/// <summary>A process that a launcher has started, and that ends before it has joined the others.</summary>
static class UnjoinedRank
{
    /// <summary>
    /// Tells people why: once where all ranks have the same trouble, as far as their launcher ends them. The others do
    /// not wait for this one.
    /// </summary>
    /// <param name="exitCode">With which it ends.</param>
    /// <param name="tell">Is given the process's rank; null without a launcher.</param>
    public static void Tell(int exitCode, Action<int?> tell)
    {
        var launcher = Find();
        if (launcher is not null) Interruption.IsToldByWork = true;
        launcher?.LetFirstSpeak();
        tell(launcher?.Rank);
        launcher?.EndOthers(exitCode);
    }

    // Its variables may be what is wrong.
    static Launcher? Find()
    {
        try
        {
            return Launcher.Detect();
        }
        catch (UserException)
        {
            return null;
        }
    }
}
