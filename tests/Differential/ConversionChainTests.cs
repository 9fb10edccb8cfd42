namespace LdNetGpu.Tests;

/// <summary>Conversions one after another, which a compiler may fold into one.</summary>
public class ConversionChainTests
{
    static readonly string[] Integers = ["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong"];

    const int OfOneKernel = 40;

    [Fact]
    public void TwoInARowMeanTheSame()
    {
        var terms = from type in Numbers.Arithmetic
                    from first in Integers
                    from second in Integers
                    where first != second
                    select new Term(Number.Long, $"((long)({second})({first}){{0}})",
                        new Term(type, $"{type.Letter()}1"));
        MeanTheSame(terms);
    }

    /// <summary>Through a variable, which compilers keep no more than they must.</summary>
    [Fact]
    public void ByWayOfAVariableTheyMeanTheSame()
    {
        var lines = from type in Numbers.Arithmetic
                    from first in Integers
                    from second in Integers
                    where first != second
                    select $"{{\n    var narrow = ({first}){type.Letter()}1;\n"
                        + $"    var other = ({second})narrow;\n    l0 += (long)other;\n}}";
        MeanTheSame(
            [.. lines.Select(line => new Statement(line)).Chunk(OfOneKernel)
                .Select((some, i) => new Case(i, some, []))]);
    }

    static void MeanTheSame(IEnumerable<Term> terms) =>
        MeanTheSame([.. terms.Chunk(OfOneKernel).Select((some, i) => new Case(i, [], some))]);

    static void MeanTheSame(Case[] cases)
    {
        var subjects = Subject.AllAndIlgpu();
        var findings = new Comparison(subjects).Run(cases);
        foreach (var subject in subjects) subject.Dispose();
        var problems = findings.Select(finding => $"{finding.Subject.Name}: {finding.Problem}").ToList();
        foreach (var problem in problems) TestContext.Current.TestOutputHelper!.WriteLine(problem);
        Assert.Empty(problems);
    }
}
