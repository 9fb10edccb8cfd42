namespace LdNetGpu.Tests;

/// <summary>A member that is an interface's by its full name, dot and all, is a function with a C name.</summary>
public sealed class ExplicitImplementationTests
{
    const string Members =
        """
        public interface IMap { static abstract int Of(int x); static abstract int Step { get; } }
        public struct Twice : IMap { static int IMap.Of(int x) => 2 * x; static int IMap.Step => Of<Twice>(3); 
            static int Of<T>(int x) where T : IMap => T.Of(x); }
        [Kernel, Instance(typeof(Twice))] static void F<T>(ArrayView<int> x) where T : struct, IMap => x[1] = T.Of(x[0]) + T.Step;
        """;

    [Fact]
    public void Compiles() => Assert.Empty(GeneratorRun.Diagnose(Members));

    [Theory]
    [InlineData("Twice_Sample_IMap_Of(")]
    [InlineData("Twice_Sample_IMap_Step(")]
    public void ItsNameIsAnIdentifier(string call) => Assert.Contains(call, GeneratorRun.Driver()
        .RunGenerators(GeneratorRun.Compile(GeneratorRun.Class(Members)), TestContext.Current.CancellationToken)
        .GetRunResult().GeneratedTrees
        .Select(tree => tree.ToString()).First(text => text.Contains("Cuda =", StringComparison.Ordinal)));
}
