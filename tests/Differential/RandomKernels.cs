using System.Diagnostics;
using System.Globalization;

namespace LdNetGpu.Tests;

/// <summary>Kernels made at random, run by subjects and held against plain C#.</summary>
static class RandomKernels
{
    /// <summary>Environment variables: how many kernels, and the seed of the first; the others' follow it.</summary>
    const string CountVariable = "LDNET_DIFFERENTIAL", SeedVariable = "LDNET_DIFFERENTIAL_SEED";

    const int InCi = 200, Together = 50, Shrunk = 3;

    static readonly TimeSpan ShrinkingTime = TimeSpan.FromSeconds(40);

    public static void MeanTheSame(List<Subject> subjects)
    {
        var (count, seed) = (Number(CountVariable, InCi), Number(SeedVariable, 1));
        var comparison = new Comparison(subjects);
        var watch = Stopwatch.StartNew();
        var findings = new List<Finding>();
        var done = 0;
        Write($"{count} kernels, seeds {seed} to {seed + count - 1}, "
            + $"on {string.Join(", ", subjects.Select(subject => subject.Name))}");
        foreach (var seeds in Enumerable.Range(seed, count).Chunk(Together))
        {
            var found = comparison.Run([.. seeds.Select(RandomCases.Make)]);
            foreach (var finding in found)
                Write($"seed {finding.Case.Seed} on {finding.Subject.Name}: {finding.Problem}");
            findings.AddRange(found);
            done += seeds.Length;
            Write($"{done} of {count} kernels: {findings.Count} differ, {watch.Elapsed.TotalSeconds:F0} s");
        }
        foreach (var finding in findings.DistinctBy(finding => finding.Subject).Concat(findings).Distinct()
            .Take(Shrunk)) Write(Smallest(finding));
        foreach (var subject in subjects) subject.Dispose();
        Assert.Empty(findings);
    }

    static string Smallest(Finding finding)
    {
        var small = Shrinker.Shrink(finding.Kernel, candidate => Differs(finding, candidate), ShrinkingTime);
        return $"seed {finding.Case.Seed} on {finding.Subject.Name}, shrunk: "
            + $"{Comparison.Again(finding, small)?.Problem}\n"
            + string.Concat(small.Select(CaseText.Body));
    }

    static bool Differs(Finding finding, IReadOnlyList<Case> candidate)
    {
        try
        {
            return Comparison.Again(finding, candidate) is not null;
        }
        catch (CaseException)
        {
            return false;
        }
    }

    static int Number(string variable, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) ? number : standard;

    static void Write(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
