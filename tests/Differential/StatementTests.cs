namespace LdNetGpu.Tests;

/// <summary>Statements and operators one by one, each on every device and by every compiler: what random kernels found, and what they are made of.</summary>
public class StatementTests
{
    const int OfOneKernel = 40;

    [Fact]
    public void EveryOperatorAndFunctionMeansTheSameByItself()
    {
        var rules = Rules.Of.SelectMany(rules => rules).Where(rule => !rule.HasEffect).DistinctBy(rule => (rule.Type, rule.Text, string.Join(' ', rule.Parts)));
        var terms = rules.Select(rule => new Term(rule.Type, rule.Text,
            [.. rule.Parts.Select((type, i) => new Term(type, $"{type.Letter()}{i % Case.Variables}"))]));
        MeanTheSame(terms.Chunk(OfOneKernel).Select((some, i) => new Case(i, [], some)));
    }

    /// <summary>C# evaluates from left to right, masks a shift's distance, and wraps around where it says unchecked.</summary>
    [Fact]
    public void StatementsMeanTheSame() => MeanTheSame(new[]
    {
        "i0 <<= i1;",
        "l0 >>= i1;",
        "l0 >>>= i1;",
        "u0 >>>= i1 + 40;",
        "f0 %= f1;",
        "i0 = i0++ + i0 * 3;",
        "i0 += i0++;",
        "i0 = i0++;",
        "i1 = Math.Max(i0++, i0);",
        "i1 = Mixed(i0--, (uint)i0);",
        "u1 = Next(ref u0) - Next(ref u0);",
        "u1 = u0 ^ Next(ref u0);",
        "items[i0++ & 7] = i0;\ni1 = items[(i0 - 1) & 7];",
        "items[i0++ & 7] += i0;\ni1 = items[(i0 - 1) & 7];",
        "(i0, i1) = (i1--, i0 > i1 ? i1 : 5);",
        "b0 = i0 > i1 - 1;",
        "b0 = i0 > --i1;",
        "l0 = i0 * 2 / 2;",
        "l0 = -i0;\nl1 += l0++;",
    }.Select((line, i) => new Case(i, [new Statement(line)], [])));

    static void MeanTheSame(IEnumerable<Case> cases)
    {
        var subjects = Subject.All(withIlgpu: true);
        var findings = new Comparison(subjects).Run([.. cases]);
        foreach (var subject in subjects) subject.Dispose();
        Assert.Empty(findings.Select(finding => $"{finding.Subject.Name}, {finding.Case.Body.FirstOrDefault()?.Tail}: {finding.Problem}"));
    }
}
