using LdNetGpu.Kernels.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Tests;

public sealed class IncrementalityTests
{
    const string Members =
        "[Kernel] static void F(ArrayView<float> x) { x[0] = 1; /* one */ }\nstatic int Other() => 1;";

    [Theory]
    [InlineData("one", "another", IncrementalStepRunReason.Unchanged)]
    [InlineData("=> 1", "=> 2", IncrementalStepRunReason.Unchanged)]
    [InlineData("x[0] = 1", "x[0] = 2", IncrementalStepRunReason.Modified)]
    public void OnlyWhatChangesAKernelMakesItsOutputAnew(string text, string edited, IncrementalStepRunReason expected)
    {
        var before = GeneratorRun.Compile(GeneratorRun.Class(Members));
        var tree = before.SyntaxTrees[0];
        var after = before.ReplaceSyntaxTree(tree,
            CSharpSyntaxTree.ParseText(tree.ToString().Replace(text, edited), (CSharpParseOptions)tree.Options,
                tree.FilePath));
        var steps = GeneratorRun.Driver().RunGenerators(before).RunGenerators(after)
            .GetRunResult().Results[0].TrackedSteps[KernelGenerator.KernelsStep];
        Assert.Equal(expected, Assert.Single(Assert.Single(steps).Outputs).Reason);
    }
}
