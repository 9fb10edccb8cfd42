namespace LdNetGpu.Tests;

/// <summary>Statements of the dialect by themselves, on every device and by every compiler against plain C#.</summary>
static class DialectLines
{
    /// <summary>Fails where any of the lines leaves other values in the variables than in plain C#.</summary>
    /// <param name="types">What the lines use; stands beside the kernel's class.</param>
    /// <param name="lines">Of the variables that a <see cref="Case"/> has.</param>
    public static void MeanTheSame(string types, IReadOnlyList<string> lines)
    {
        var cases = lines.Select((line, i) => new Case(i, [new Statement(line)], [])).ToList();
        var assembly = CaseAssembly.Compile(CaseText.Of(cases, lines.Count) + types);
        int[] first = [.. cases.Select((_, i) => cases.Take(i).Sum(one => one.Results.Count))];
        var (inputs, results) = (new LaneInputs(1), cases.Sum(one => one.Results.Count));
        var expected = new CaseResults(results);
        for (var i = 0; i < cases.Count; i++) assembly.RunPlain(i, first[i], inputs, expected);
        var problems = new List<string>();
        foreach (var subject in Subject.AllAndIlgpu())
        {
            using var _ = subject;
            var found = new CaseResults(results);
            subject.Run(assembly.Kernels[0], inputs, found);
            problems.AddRange(cases.SelectMany((one, i) => found.Differences(expected, one, first[i])
                .Select(problem => $"{subject.Name}, {lines[i]}: {problem}")));
        }
        Assert.Empty(problems);
    }
}
