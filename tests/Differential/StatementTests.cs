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

    /// <summary>Fields have their initial values whatever makes the struct, and constructors do what their bodies say.</summary>
    [Fact]
    public void ConstructorsMeanTheSame() => MeanTheSame("""
        public struct Started { public int A = 5; public int B; public Started(int b) { B = b; } }
        public struct Doubled { public int A; public Doubled(int a) { A = (a & 7) * 2; } }
        public struct Primary(int x) { public int X = (x & 7) * 2; public int Y { get; set; } = 3; }
        public record struct Overridden(int A, int B) { public int A { get; init; } = A & 3; }
        public record struct Swapped(int A, int B) { public int B { get; init; } = B; public int A { get; init; } = A; }
        public struct Crossed { public int A, B; public Crossed(int a, int b) => (A, B) = (b, a); }
        public struct Of<T> where T : unmanaged { public T A; public long C = 4; public Of(T a) => A = a; }
        public struct Chained
        {
            public int X;
            public int Y = 7;
            public Chained(int x) { X = x; }
            public Chained(int a, int b) : this(a ^ b) { Y += 1; }
            public Chained(int a, int b, int c) : this() { X = a ^ b ^ c; }
        }
        """,
        "var s = new Started(i0);\ni0 = s.A;\ni1 = s.B;",
        "Started s = default;\ni0 = s.A;",
        "i0 = new Doubled(i0).A;",
        "var s = new Primary(i0);\ni0 = s.X;\ni1 = s.Y;",
        "var s = new Overridden(i0, i1);\ni0 = s.A;\ni1 = s.B;",
        "var s = new Swapped(i0, i1);\ni0 = s.A;\ni1 = s.B;",
        "var s = new Crossed(i0, i1);\ni0 = s.A;\ni1 = s.B;",
        "var s = new Of<uint>(u0);\nu1 = s.A;\nl0 = s.C;",
        "var s = new Chained(i0, i1);\ni0 = s.X;\ni1 = s.Y;",
        "var s = new Chained(i0, i1, 3);\ni0 = s.X;\ni1 = s.Y;");

    /// <summary>Lines that use types, which stand beside the kernel's class.</summary>
    static void MeanTheSame(string types, params string[] lines)
    {
        var cases = lines.Select((line, i) => new Case(i, [new Statement(line)], [])).ToList();
        var assembly = CaseAssembly.Compile(CaseText.Of(cases, lines.Length) + types);
        var (inputs, results) = (new LaneInputs(1), cases.Sum(one => one.Results.Count));
        var expected = new CaseResults(results);
        for (var i = 0; i < cases.Count; i++) assembly.RunPlain(i, First(i), inputs, expected);
        foreach (var subject in Subject.All(withIlgpu: false))
        {
            using var _ = subject;
            var found = new CaseResults(results);
            subject.Run(assembly.Kernels[0], inputs, found);
            Assert.Empty(cases.SelectMany((one, i) => found.Differences(expected, one, First(i)).Select(problem => $"{subject.Name}, {lines[i]}: {problem}")));
        }

        int First(int index) => cases.Take(index).Sum(one => one.Results.Count);
    }

    static void MeanTheSame(IEnumerable<Case> cases)
    {
        var subjects = Subject.All(withIlgpu: true);
        var findings = new Comparison(subjects).Run([.. cases]);
        foreach (var subject in subjects) subject.Dispose();
        Assert.Empty(findings.Select(finding => $"{finding.Subject.Name}, {finding.Case.Body.FirstOrDefault()?.Tail}: {finding.Problem}"));
    }
}
