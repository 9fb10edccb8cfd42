using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>A test's name is a sentence that says what holds, in PascalCase: SparseUpdatesEqualDenseOnes.</summary>
public class TestNameTests
{
    // Whatever its attributes are: in a class of tests these methods are the tests.
    static readonly Regex Test = new(@"^ +public (?:async )?(?:void|Task) (?<name>\w+)", RegexOptions.Multiline);

    static readonly Regex Sentence = new("^(?:[A-Z][a-z0-9]*)+$");

    [Fact]
    public void EveryTestIsASentenceInPascalCase()
    {
        var names = SourceFiles.Under("tests").SelectMany(file => NamesOfTests(File.ReadAllText(file))).ToList();
        Assert.True(names.Count > 500, $"Only {names.Count} tests were seen.");
        Assert.DoesNotContain(names, name => !Sentence.IsMatch(name));
    }

    [Theory]
    [InlineData("Sparse_updates_equal_dense_ones")]
    [InlineData("sparseUpdates")]
    public void AnotherStyleIsSeen(string name)
    {
        var source =
            $"    [Theory]\n    [InlineData(\"a\", 2)]\n    public async Task {name}(string text, int n)\n    {{\n    "
            + $"}}\n";
        Assert.Equal([name], NamesOfTests(source));
        Assert.DoesNotMatch(Sentence, name);
    }

    static IEnumerable<string> NamesOfTests(string source) =>
        Test.Matches(source).Select(match => match.Groups["name"].Value);
}
