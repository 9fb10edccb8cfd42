using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Cli.Profiling;

/// <summary>A kernel as one work launched it.</summary>
/// <param name="Work">The row of the benchmark with its sizes, or the implementation.</param>
/// <param name="Others">Kernels that the work launched besides.</param>
sealed record KernelInWork(string Work, ProfiledKernel Profile, int Others)
{
    /// <summary>Other works that launched it, and are not shown.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];
}

/// <summary>Runs works on the managed device and keeps what their kernels did.</summary>
static class ProfileRun
{
    /// <summary>Every work's kernels, each by itself.</summary>
    /// <param name="context">Where progress is shown.</param>
    /// <param name="unit">What the works are, in the plural.</param>
    /// <param name="works">What is run, in this order.</param>
    public static IReadOnlyList<KernelInWork> Of<T>(CommandContext context, string unit,
        IReadOnlyList<ProfiledWork<T>> works)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var device = new ManagedDevice(check: false);
        var found = new List<KernelInWork>();
        var problems = new List<UserException>();
        using var progress = context.StartProgress($"{unit} on the managed device", works.Count, unit);
        foreach (var work in works)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                var launched = work.Profile(device);
                found.AddRange(launched.Select(kernel => new KernelInWork(work.Name, kernel, launched.Count - 1)));
            }
            catch (UserException problem)
            {
                problems.Add(problem);
            }
            progress.Advance(1, work.Name);
        }
        // Another work may have launched what is looked for; where none has, the first problem says why.
        if (found.Count == 0 && problems.Count > 0) throw problems[0];
        foreach (var problem in problems) context.Note($"not profiled: {problem.Message}");
        return found;
    }
}
