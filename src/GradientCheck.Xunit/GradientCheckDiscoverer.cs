using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace LdNetGpu.Autograd;

/// <summary>Finds the cases of a <see cref="GradientCheckAttribute"/>: xUnit.net makes and calls it.</summary>
sealed class GradientCheckDiscoverer : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod, IFactAttribute factAttribute)
    {
        ArgumentNullException.ThrowIfNull(discoveryOptions);
        ArgumentNullException.ThrowIfNull(testMethod);
        ArgumentNullException.ThrowIfNull(factAttribute);
        var shapes = testMethod.Method.GetCustomAttributes<GradientShapesAttribute>()
            .Select(shape => shape.Sizes.ToArray()).ToList();
        if (shapes.Count == 0) shapes.Add([]);
        return new([.. shapes.Select(sizes => Case(discoveryOptions, testMethod, factAttribute, sizes))]);
    }

    static IXunitTestCase Case(ITestFrameworkDiscoveryOptions discovery, IXunitTestMethod method, IFactAttribute fact,
        int[] sizes)
    {
        // Without the sizes, from which a runner would guess the type arguments of a generic method.
        var details = TestIntrospectionHelper.GetTestCaseDetails(discovery, method, fact, null, null, null);
        var id = sizes.Length == 0 ? details.UniqueID : $"{details.UniqueID}-{string.Join('x', sizes)}";
        var name = sizes.Length == 0 ? details.TestCaseDisplayName : $"{details.TestCaseDisplayName.Split('(')[0]}("
            + string.Join(", ", GradientMethod.Dimensions(method.Method).Zip(sizes, (dimension, size) =>
                $"{dimension}: {size}")) + ")";
        if (GradientMethod.ProblemOf(method.Method, sizes) is { } problem)
            return new ExecutionErrorTestCase(details.ResolvedTestMethod, name, id,
                details.SourceFilePath, details.SourceLineNumber, problem);
        return new GradientCheckTestCase(details.ResolvedTestMethod, name, id, details.Explicit,
            details.SkipExceptions, details.SkipReason, details.SkipType, details.SkipUnless, details.SkipWhen,
            TestIntrospectionHelper.GetTraits(method, null), sizes, details.SourceFilePath, details.SourceLineNumber,
            details.Timeout);
    }
}
