namespace LdNetGpu.Mutation;

/// <summary>Tries faults one after the other, each by the tests that run its place, the shortest first.</summary>
sealed class Trial(WorkerProcess worker, Baseline baseline, KnownSurvivors known)
{
    /// <summary>A test that takes ten times what it did, and five seconds more, does not end.</summary>
    static TimeSpan Limit(TestRun test) => TimeSpan.FromSeconds(10 * test.Seconds + 5);

    public List<Outcome> Run(IReadOnlyList<Mutant> mutants, string? log)
    {
        using var lines = log is null ? null : new StreamWriter(log) { AutoFlush = true };
        var covering = new Dictionary<int, List<TestRun>>();
        foreach (var test in baseline.Tests)
            foreach (var place in test.Places)
            {
                if (!covering.TryGetValue(place, out var tests)) covering[place] = tests = [];
                tests.Add(test);
            }
        var outcomes = new List<Outcome>();
        foreach (var mutant in mutants)
        {
            var outcome = covering.TryGetValue(mutant.Id, out var tests) ? worker.Try(mutant, tests, Limit)
                : new Outcome(mutant, Verdict.NotCovered, "");
            if (!outcome.IsCaught) outcome = outcome with { Reason = known.ReasonOf(mutant) };
            outcomes.Add(outcome);
            lines?.WriteLine($"{outcome.Verdict}: {mutant}   {outcome.By}");
            if (outcomes.Count % 100 == 0)
                Console.Error.WriteLine(Invariant($"{outcomes.Count} of {mutants.Count}, ")
                    + Invariant($"{100 * Report.Score(outcomes):F1} % caught"));
        }
        return outcomes;
    }
}
