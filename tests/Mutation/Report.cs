using System.Text;
using System.Text.Json;

namespace LdNetGpu.Mutation;

/// <summary>Scores as text, JSON and Markdown.</summary>
/// <param name="outcomes">One for each fault that was tried.</param>
/// <param name="what">Which faults those are, in words.</param>
sealed class Report(IReadOnlyList<Outcome> outcomes, string what)
{
    /// <summary>Of the faults that are ones: those listed with a reason are not.</summary>
    public static double Score(IEnumerable<Outcome> chosen)
    {
        var counted = chosen.Where(outcome => outcome.IsCaught || outcome.Reason is null).ToArray();
        return counted.Length == 0 ? 1 : (double)counted.Count(outcome => outcome.IsCaught) / counted.Length;
    }

    public string Text()
    {
        var text = new StringBuilder();
        foreach (var survivor in Survivors()) text.AppendLine($"{survivor.Verdict}: {survivor.Mutant}");
        text.AppendLine().AppendLine(what);
        foreach (var row in Rows(outcome => outcome.Mutant.File).Concat(Rows(outcome => $"{outcome.Mutant.Kind}"))
            .Concat(Rows(outcome => $"{outcome.Mutant.Part}")).Append(Row("all", outcomes)))
            text.AppendLine(Invariant($"{row.Name,-44}{row.Caught,6} of {row.Planted,5}{100 * row.Score,8:F1} %")
                + (row.Reasoned > 0 ? $"   {row.Reasoned} with a reason" : ""));
        return text.ToString();
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.AppendLine(what).AppendLine();
        Table("part", outcome => $"{outcome.Mutant.Part}");
        Table("fault", outcome => $"{outcome.Mutant.Kind}");
        Table("file", outcome => outcome.Mutant.File);
        var survivors = Survivors().ToArray();
        if (survivors.Length > 0) text.AppendLine("| not caught | where | fault |").AppendLine("|---|---|---|");
        foreach (var survivor in survivors)
            text.AppendLine($"| {survivor.Verdict} | {survivor.Mutant.File}:{survivor.Mutant.Line} "
                + $"{survivor.Mutant.Member} | `{Cell(survivor.Mutant.From)}` "
                + (survivor.Mutant.To.Length == 0 ? "left out |" : $"becomes `{Cell(survivor.Mutant.To)}` |"));
        return text.ToString();

        void Table(string head, Func<Outcome, string> by)
        {
            text.AppendLine($"| {head} | planted | caught | with a reason | score |")
                .AppendLine("|---|--:|--:|--:|--:|");
            foreach (var row in Rows(by).Append(Row("**all**", outcomes)))
                text.AppendLine(Invariant($"| {row.Name} | {row.Planted} | {row.Caught} | {row.Reasoned} | ")
                    + Invariant($"{100 * row.Score:F1} % |"));
            text.AppendLine();
        }

        static string Cell(string code) => code.Replace("|", "\\|");
    }

    public string Json() => JsonSerializer.Serialize(new
    {
        what,
        score = Score(outcomes),
        planted = outcomes.Count,
        caught = outcomes.Count(outcome => outcome.IsCaught),
        with_reason = outcomes.Count(outcome => !outcome.IsCaught && outcome.Reason is not null),
        faults = outcomes.Select(outcome => new
        {
            file = outcome.Mutant.File, line = outcome.Mutant.Line, member = outcome.Mutant.Member,
            part = $"{outcome.Mutant.Part}", kind = $"{outcome.Mutant.Kind}", from = outcome.Mutant.From,
            to = outcome.Mutant.To, verdict = $"{outcome.Verdict}", by = outcome.By, reason = outcome.Reason,
        }),
    }, new JsonSerializerOptions { WriteIndented = true });

    /// <summary>Tells which faults were not caught, of a report in JSON.</summary>
    public static ISet<Mutant> Survivors(string json)
    {
        using var report = JsonDocument.Parse(json);
        return new HashSet<Mutant>(report.RootElement.GetProperty("faults").EnumerateArray()
            .Where(fault => fault.GetProperty("verdict").GetString() is not ("Killed" or "TimedOut"))
            .Select(fault => new Mutant(0, default, Enum.Parse<FaultKind>(fault.GetProperty("kind").GetString()!),
                fault.GetProperty("file").GetString()!, 0, fault.GetProperty("member").GetString()!,
                fault.GetProperty("from").GetString()!, fault.GetProperty("to").GetString()!)), new SameText());
    }

    // By the texts and not by lines, which move.
    sealed class SameText : IEqualityComparer<Mutant>
    {
        public bool Equals(Mutant? a, Mutant? b) => a is not null && b is not null && (a.File, a.Member, a.Kind)
            == (b.File, b.Member, b.Kind) && KnownSurvivors.Same(a.From, b.From) && KnownSurvivors.Same(a.To, b.To);

        public int GetHashCode(Mutant mutant) => HashCode.Combine(mutant.File, mutant.Member, mutant.Kind);
    }

    IEnumerable<Outcome> Survivors() =>
        outcomes.Where(outcome => !outcome.IsCaught && outcome.Reason is null).OrderBy(outcome => outcome.Mutant.Id);

    IEnumerable<(string Name, int Planted, int Caught, int Reasoned, double Score)> Rows(Func<Outcome, string> by) =>
        outcomes.GroupBy(by).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Row(group.Key, group));

    static (string Name, int Planted, int Caught, int Reasoned, double Score) Row(string name,
        IEnumerable<Outcome> chosen)
    {
        var all = chosen.ToArray();
        return (name, all.Length, all.Count(outcome => outcome.IsCaught),
            all.Count(outcome => !outcome.IsCaught && outcome.Reason is not null), Score(all));
    }
}
