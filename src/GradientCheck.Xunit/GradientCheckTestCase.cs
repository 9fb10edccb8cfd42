using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace LdNetGpu.Autograd;

/// <summary>A gradient check at one choice of sizes: the method is not called by the runner, but checked.</summary>
sealed class GradientCheckTestCase : XunitTestCase, ISelfExecutingXunitTestCase
{
    /// <summary>For what reads a test case that was written down.</summary>
    [Obsolete("Called by the deserializer."), EditorBrowsable(EditorBrowsableState.Never)]
    public GradientCheckTestCase() { }

    public GradientCheckTestCase(IXunitTestMethod method, string name, string id, bool isExplicit,
        Type[]? skipExceptions, string? skipReason, Type? skipType, string? skipUnless, string? skipWhen,
        Dictionary<string, HashSet<string>> traits, int[] sizes, string? file, int? line, int? timeout)
        : base(method, name, id, isExplicit, skipExceptions, skipReason, skipType, skipUnless, skipWhen, traits,
            [.. sizes.Select(size => (object)size)], file, line, timeout) { }

    public async ValueTask<RunSummary> Run(ExplicitOption explicitOption, IMessageBus messageBus,
        object?[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        var tests = await aggregator.RunAsync(CreateTests, []);
        return await new CaseRunner().Run(this, tests, messageBus, aggregator, cancellationTokenSource,
            TestCaseDisplayName, SkipReason, explicitOption, constructorArguments);
    }

    sealed class CaseRunner : XunitTestCaseRunner
    {
        protected override ValueTask<RunSummary> RunTest(XunitTestCaseRunnerContext ctxt, IXunitTest test) =>
            new TestRunner().Run(test, ctxt.MessageBus, ctxt.ConstructorArguments, ctxt.ExplicitOption,
                ctxt.Aggregator.Clone(), ctxt.CancellationTokenSource, ctxt.BeforeAfterTestAttributes);
    }

    sealed class TestRunner : XunitTestRunner
    {
        protected override ValueTask<TimeSpan> InvokeTest(XunitTestRunnerContext ctxt, object? testClassInstance)
        {
            var watch = Stopwatch.StartNew();
            ctxt.Aggregator.Run(() =>
            {
                var method = ctxt.TestMethod;
                var attribute = method.GetCustomAttribute<GradientCheckAttribute>()!;
                int[] sizes = [.. ctxt.Test.TestMethodArguments.Select(size => (int)size!)];
                new GradientMethod(method, testClassInstance).Check(sizes, attribute.Device, attribute.Options());
            });
            return new(watch.Elapsed);
        }
    }
}
