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
        "i1 = i0 / 8;",
        "i1 = i0 / -8;",
        "i1 = i0 / int.MinValue;",
        "u1 = u0 / 16;",
        "l1 = l0 / 4096;",
        "l1 = i0 / 4L;",
        "l1 = l0 / long.MinValue;",
        "m1 = m0 / 2;",
        "m1 = u0 / 0x80000000UL;",
        "i1 = i0 / (i1 > 0 ? 2 : 4);",
        "i0 /= 2;",
        "f1 = f0 + 0.1f + 0.2f;",
        "f1 = f0 * 0.1f * 0.3f;",
        "d1 = d0 - 0.1 - 0.2;",
        "switch (i0 & 3)\n{\n    case 0: i1 = (int)(uint)l0; break;\n    case 1: i1 = (short)u0; break;\n    default: l1 = (uint)(int)m0; break;\n}",
        "l0 = -i0;\nl1 += l0++;",
    }.Select((line, i) => new Case(i, [new Statement(line)], [])));

    static void MeanTheSame(IEnumerable<Case> cases)
    {
        var subjects = Subject.AllAndIlgpu();
        var findings = new Comparison(subjects).Run([.. cases]);
        foreach (var subject in subjects) subject.Dispose();
        foreach (var finding in findings)
            TestContext.Current.TestOutputHelper!.WriteLine($"{finding.Subject.Name}, {finding.Case.Body.FirstOrDefault()?.Tail}: {finding.Problem}");
        Assert.Empty(findings);
    }
}
