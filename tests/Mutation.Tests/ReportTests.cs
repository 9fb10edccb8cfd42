using System.Text.Json.Nodes;
using LdNetGpu.Mutation;

namespace LdNetGpu.Tests;

/// <summary>Scores, and what is said of the faults that no test found.</summary>
public class ReportTests
{
    static Outcome Of(int id, Verdict verdict, string? reason = null) =>
        new(new(id, Part.Kernels, FaultKind.WrongSign, "Kernels/Sums.cs", 10 + id, "Sums.Add", "a + b", $"a - {id}"),
            verdict, "Test", reason);

    static readonly Outcome[] Outcomes =
    [
        Of(1, Verdict.Killed), Of(2, Verdict.TimedOut), Of(3, Verdict.Survived), Of(4, Verdict.NotCovered),
        Of(5, Verdict.Survived, "b is 0"),
    ];

    [Fact]
    public void WhatHasAReasonIsNoFault()
    {
        Assert.Equal(0.5, Report.Score(Outcomes));
        Assert.Equal(2 / 3.0, Report.Score(Outcomes[..3]));
    }

    [Fact]
    public void SurvivorsAreToldWithTheirPlaces()
    {
        var report = new Report(Outcomes, "5 faults");
        Assert.Contains("Survived: Kernels/Sums.cs:13 Sums.Add: WrongSign: a + b becomes a - 3", report.Text(),
            StringComparison.Ordinal);
        Assert.Contains("NotCovered: Kernels/Sums.cs:14", report.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("a - 5", report.Text(), StringComparison.Ordinal);
        Assert.Contains("| Kernels/Sums.cs | 5 | 2 | 1 | 50.0 % |", report.Markdown(), StringComparison.Ordinal);
        var json = JsonNode.Parse(report.Json())!;
        Assert.Equal((0.5, 2, 1), (json["score"]!.GetValue<double>(), json["caught"]!.GetValue<int>(),
            json["with_reason"]!.GetValue<int>()));
        Assert.Equal("b is 0", json["faults"]![4]!["reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("--sample 0", "--sample 0")]
    [InlineData("--part gpu", "--part gpu")]
    [InlineData("--minimum 2", "--minimum 2")]
    [InlineData("--speed", "--speed")]
    public void ArgumentsThatAreNotUnderstoodAreNamed(string arguments, string words)
    {
        Assert.Null(Options.Read(arguments.Split(' '), out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ASampleIsTheSameForASeed()
    {
        var all = Enumerable.Range(1, 500).Select(id => Of(id, Verdict.Killed).Mutant).ToArray();
        int[] Drawn(string arguments) =>
            [.. Options.Read(arguments.Split(' '), out _)!.Choose(all).Select(mutant => mutant.Id)];
        Assert.Equal(Drawn("--sample 20"), Drawn("--sample 20 --seed 1"));
        Assert.NotEqual(Drawn("--sample 20"), Drawn("--sample 20 --seed 2"));
        Assert.Equal(20, Drawn("--sample 20").Length);
        Assert.Equal(500, Drawn("--seed 2").Length);
        Assert.Empty(Drawn("--only Products"));
    }

    [Fact]
    public void WhatWasNotCaughtIsTriedAgain()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, new Report(Outcomes, "5 faults").Json());
            var all = Outcomes.Select(outcome => outcome.Mutant with { Line = 99, Id = 0 }).ToArray();
            Assert.Equal(["a - 3", "a - 4", "a - 5"], Options.Read(["--again", file], out _)!.Choose(all)
                .Select(mutant => mutant.To));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void KnownSurvivorsGoByTheirText()
    {
        var known = new KnownSurvivors([new("Kernels/Sums.cs", "Sums.Add", "a + b", "a - 3", "b is 0")]);
        Assert.Equal("b is 0", known.ReasonOf(Of(3, Verdict.Survived).Mutant with { Line = 99 }));
        Assert.Null(known.ReasonOf(Of(4, Verdict.Survived).Mutant));
    }
}
