using LdNetGpu.Autograd;

namespace LdNetGpu.Cli.Studies;

/// <summary>What a study found.</summary>
/// <param name="Comparison">Its two implementations.</param>
/// <param name="Results">How near they are to each other.</param>
/// <param name="First">What the first does.</param>
/// <param name="Second">What the second does.</param>
/// <param name="Times">Null where nothing was timed.</param>
/// <param name="WhyNotTimed">In words; null where it was.</param>
sealed record StudyResult(Study Study, Comparison Comparison, ComparedResults Results, ImplementationCounts First,
    ImplementationCounts Second, (SpeedComparison Warm, SpeedComparison Cold)? Times, string? WhyNotTimed)
{
    /// <summary>Inputs and results of the one that needs less, each once.</summary>
    public long NecessaryBytes => Math.Min(First.NecessaryBytes, Second.NecessaryBytes);

    /// <summary>Whether some of what is computed is not in the FLOPs.</summary>
    public bool LosesOperations => First.Operations.Lost + Second.Operations.Lost > 0;

    /// <summary>Whether some of the FLOPs are in double, of which no rates are published here.</summary>
    public bool IsInDouble => First.Operations.InDouble + Second.Operations.InDouble > 0;

    /// <summary>Implementations whose FLOPs were counted in other kernels than those that run.</summary>
    public IEnumerable<string> CountedElsewhere =>
        from one in new[] { (Comparison.First.Name, First), (Comparison.Second.Name, Second) }
        where !one.Item2.Launches.Select(launch => Method(launch.Kernel.Name))
            .SequenceEqual(one.Item2.CountedLaunches.Select(launch => Method(launch.Kernel.Name)))
        select one.Name;

    // Without type arguments.
    static string Method(string kernel) => kernel.Split('<')[0];
}
