using System.Reflection;
using LdNetGpu.Autograd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace LdNetGpu.Tests;

/// <summary>What [GradientCheck] makes of a method: cases, the smallest failure, and C# that repeats it.</summary>
public class GradientCheckAttributeTests
{
    static GradientCheckFailedException FailureOf(string name, GradientCheckOptions options, params int[] sizes)
    {
        var method = typeof(FaultyProducts).GetMethod(name)!;
        return Assert.Throws<GradientCheckFailedException>(
            () => new GradientMethod(method, null).Check(sizes, GradientDevice.Cpu, options));
    }

    [Fact]
    public void AFailureIsShrunkToTheSmallestSizesThatFail()
    {
        var failure = FailureOf(nameof(FaultyProducts.Faulty), new(), 9, 12);
        Assert.Contains("Faulty(rows: 9, columns: 12) fails, and so does Faulty(rows: 3, columns: 3), the smallest",
            failure.Message, StringComparison.Ordinal);
        Assert.Equal("x[8]", Assert.IsType<GradientAssertException>(failure.InnerException).Report.Worst.Place);
    }

    [Theory]
    [InlineData(nameof(FaultyProducts.Faulty))]
    [InlineData(nameof(FaultyProducts.FaultyInAnyNumber))]
    public void WhatIsPrintedCompilesAndFailsInTheSameWay(string name)
    {
        var options = new GradientCheckOptions { Seed = 7, Tolerance = 1e-6, SecondOrder = true };
        var failure = FailureOf(name, options, 9, 12);
        var reported = Assert.IsType<GradientAssertException>(failure.InnerException);
        var again = Assert.Throws<GradientAssertException>(Compiled(failure.Reproduction));
        Assert.Equal(reported.Report.Worst, again.Report.Worst);
        Assert.Equal(reported.Report.Checked, again.Report.Checked);
        Assert.Equal(reported.Report.Dual?.Worst, again.Report.Dual?.Worst);
        Assert.Contains(failure.Reproduction, failure.Message, StringComparison.Ordinal);
    }

    static Action Compiled(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq;";
        var compilation = CSharpCompilation.Create("Reproduced",
            [CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Preview)),
                CSharpSyntaxTree.ParseText(Usings, new(LanguageVersion.Preview))], references,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        var type = Assembly.Load(image.ToArray()).GetType("Reproduction")!;
        var test = type.GetMethod("Fails")!;
        Assert.NotNull(test.GetCustomAttribute<FactAttribute>());
        return () => test.Invoke(Activator.CreateInstance(type), BindingFlags.DoNotWrapExceptions, null, [], null);
    }

    [Theory]
    [InlineData("Faulty", "Faulty(rows: 3, columns: 3), the smallest", "Seed = 7")]
    [InlineData("FaultyInAnyNumber", "class Reproduction : IDifferentiable", "SecondOrder = true")]
    [InlineData("WithTooFewSizes", "2 sizes are wanted (rows, columns), and [GradientShapes] gives 1")]
    public async Task TheRunnerTellsIt(string name, params string[] words)
    {
        var assembly = new XunitTestAssembly(typeof(FaultyProducts).Assembly);
        var type = new XunitTestClass(typeof(FaultyProducts), new XunitTestCollection(assembly, null, false, "faulty"));
        var method = typeof(FaultyProducts).GetMethod(name)!;
        var found = await new GradientCheckDiscoverer().Discover(
            TestFrameworkOptions.ForDiscovery(new TestAssemblyConfiguration()), new XunitTestMethod(type, method, []),
            method.GetCustomAttribute<GradientCheckAttribute>()!);
        using var bus = new Failures();
        using var cancellation = new CancellationTokenSource();
        var only = Assert.Single(found);
        var summary = only is ISelfExecutingXunitTestCase own
            ? await own.Run(ExplicitOption.Off, bus, [], new(), cancellation)
            : await XunitRunnerHelper.RunXunitTestCase(only, bus, cancellation, new(), ExplicitOption.Off, []);
        Assert.Equal((1, 1), (summary.Total, summary.Failed));
        Assert.All(words, word => Assert.Contains(word, Assert.Single(bus.Messages), StringComparison.Ordinal));
    }

    sealed class Failures : IMessageBus
    {
        public List<string> Messages { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is ITestFailed failed) Messages.Add(string.Join('\n', failed.Messages));
            return true;
        }

        public void Dispose() { }
    }

    [Theory]
    [InlineData(new[] { 9, 12 }, new[] { 3, 5 })]
    [InlineData(new[] { 3, 5 }, new[] { 3, 5 })]
    [InlineData(new[] { 100, 100 }, new[] { 3, 5 })]
    public void ShrinkingEndsWhereNoSizeCanBeSmaller(int[] sizes, int[] smallest) =>
        Assert.Equal(smallest, GradientShrinker.Shrink(sizes, size => size[0] >= 3 && size[1] >= 5));

    [Fact]
    public void ASmallerFailureOfAnotherKindIsNotTheSame()
    {
        // Two rows and fewer throw another exception, which is no smaller case of this one.
        var method = typeof(GradientCheckAttributeTests).GetMethod(nameof(RefusesFewRows))!;
        var failure = Assert.Throws<GradientCheckFailedException>(
            () => new GradientMethod(method, null).Check([8], GradientDevice.Cpu, new()));
        Assert.Contains("RefusesFewRows(rows: 3), the smallest", failure.Message, StringComparison.Ordinal);
    }

    public static Tensor<double> RefusesFewRows(GradientInput<double> leaf, int rows) =>
        rows < 3 ? throw new ArgumentException("too few", nameof(rows))
        : FaultyProducts.Faulty(leaf, rows, 3);

    [Fact]
    public void EachPropertyIsAnOption()
    {
        var plain = new GradientCheckAttribute().Options();
        Assert.Equal(new(), plain);
        Assert.Equal(GradientCheckOptions.Thorough, new GradientCheckAttribute { Thorough = true }.Options());
        Assert.Equal(plain with { Tolerance = 0.5 }, new GradientCheckAttribute { Tolerance = 0.5 }.Options());
        Assert.Equal(plain with { Extrapolations = 3 }, new GradientCheckAttribute { Extrapolations = 3 }.Options());
        Assert.Equal(plain with { ElementsPerTensor = 3 },
            new GradientCheckAttribute { ElementsPerTensor = 3 }.Options());
        Assert.Equal(plain with { Directions = 3 }, new GradientCheckAttribute { Directions = 3 }.Options());
        Assert.Equal(plain with { SameBits = false }, new GradientCheckAttribute { SameBits = false }.Options());
        Assert.Equal(plain with { AddedGradients = false },
            new GradientCheckAttribute { AddedGradients = false }.Options());
        Assert.Equal(plain with { AbsentCotangents = false },
            new GradientCheckAttribute { AbsentCotangents = false }.Options());
        Assert.Equal(plain with { AliasedInputs = true },
            new GradientCheckAttribute { AliasedInputs = true }.Options());
        Assert.Equal(plain with { StridedInputs = true },
            new GradientCheckAttribute { StridedInputs = true }.Options());
        Assert.Equal(plain with { FloatUlp = 3 }, new GradientCheckAttribute { FloatUlp = 3 }.Options());
        Assert.Equal(plain with { SecondOrder = true }, new GradientCheckAttribute { SecondOrder = true }.Options());
        Assert.Equal(plain with { Seed = 3 }, new GradientCheckAttribute { Seed = 3 }.Options());
    }

    [Theory]
    [InlineData(nameof(NotPublic), new int[0], "public method")]
    [InlineData(nameof(TakesText), new int[0], "the parameters (GradientInput<double>, int, ...)")]
    [InlineData(nameof(ReturnsNumber), new int[0], "a Tensor or a list of them")]
    [InlineData(nameof(RefusesFewRows), new[] { 0 }, "a size is 1 or more")]
    [InlineData(nameof(RefusesFewRows), new int[0], "1 sizes are wanted (rows), and [GradientShapes] gives 0")]
    public void AMethodThatCannotBeCheckedIsToldWhy(string name, int[] sizes, string words)
    {
        var method = typeof(GradientCheckAttributeTests).GetMethod(name,
            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        Assert.Contains(words, GradientMethod.ProblemOf(method, sizes), StringComparison.Ordinal);
    }

    static Tensor<double> NotPublic(GradientInput<double> leaf) => leaf("x", 1);

    public static Tensor<double> TakesText(string text) => throw new NotSupportedException(text);

    public static int ReturnsNumber(GradientInput<double> leaf) => leaf("x", 1).Shape.Rank;
}
