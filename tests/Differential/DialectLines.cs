namespace LdNetGpu.Tests;

/// <summary>Statements of the dialect by themselves, on every device and by every compiler against plain C#.</summary>
static class DialectLines
{
    // Of more of them at once, all inlined, clang's parser runs out of stack.
    const int OfOneKernel = 12;

    /// <summary>Fails where any of the lines leaves other values in the variables than in plain C#.</summary>
    /// <param name="types">What the lines use; stands beside the kernel's class.</param>
    /// <param name="lines">Of the variables that a <see cref="Case"/> has.</param>
    public static void MeanTheSame(string types, IReadOnlyList<string> lines)
    {
        var cases = lines.Select((line, i) => new Case(i, [new Statement(line)], [])).ToList();
        var assembly = CaseAssembly.Compile(CaseText.Of(cases, OfOneKernel) + types);
        var inputs = new LaneInputs(1);
        var problems = new List<string>();
        foreach (var subject in Subject.AllAndIlgpu())
        {
            using var _ = subject;
            foreach (var some in cases.Chunk(OfOneKernel))
                problems.AddRange(Problems(assembly, some, subject, inputs)
                    .Select(problem => $"{subject.Name}, {lines[problem.Case]}: {problem.Text}"));
        }
        Assert.Empty(problems);
    }

    // Those of one kernel; a case's seed is its number.
    static IEnumerable<(int Case, string Text)> Problems(CaseAssembly assembly, Case[] cases, Subject subject,
        LaneInputs inputs)
    {
        int[] first = [.. cases.Select((_, i) => cases.Take(i).Sum(one => one.Results.Count))];
        var results = cases.Sum(one => one.Results.Count);
        var (expected, found) = (new CaseResults(results), new CaseResults(results));
        for (var i = 0; i < cases.Length; i++) assembly.RunPlain(cases[i].Seed, first[i], inputs, expected);
        subject.Run(assembly.Kernels[cases[0].Seed / OfOneKernel], inputs, found);
        return [.. cases.SelectMany((one, i) => found.Differences(expected, one, first[i])
            .Select(problem => (one.Seed, problem)))];
    }
}
