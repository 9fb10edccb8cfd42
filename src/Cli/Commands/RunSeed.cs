using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>The seed that a run has, and that is printed with its results.</summary>
static class RunSeed
{
    /// <summary>
    /// What <c>--seed</c> said; where it said nothing, that of the run that <c>--resume</c> goes on with.
    /// </summary>
    /// <param name="context">Of the command.</param>
    /// <param name="folder">Of the run, claimed.</param>
    public static ulong Of(CommandContext context, CheckpointFolder folder) =>
        context.Given(GlobalOptions.Seed) ? context.Seed : SavedRun.Find(folder)?.Seed ?? context.Seed;
}
