using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using static LdNetGpu.Tests.DifferentiableKernels;

namespace LdNetGpu.Tests;

/// <summary>Generated gradients against central differences and, to rounding, dual numbers.</summary>
public sealed class GeneratedGradientTests : IDisposable
{
    readonly GpuDevice device = GpuDevice.Open("managed");
    readonly GpuBackend<double> backend;

    public GeneratedGradientTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    static void Holds(GradientCheckReport report)
    {
        Assert.True(report.Passed, report.ToString());
        Assert.True(report.Checked > 3);
        Assert.NotNull(report.Dual);
        Assert.Empty(report.Dual.Lost);
        Assert.InRange(report.Dual.Worst.Error, 0, 1e-13);
    }

    static readonly int[] Targets = [4, -1, 0], Kinds = [.. Enumerable.Range(0, 15).Select(i => i % 4 - 1)];

    [Fact]
    public void ProductWithASigmoid() => Holds(CheckGate(backend));

    [Fact]
    public void EveryFunction() => Holds(CheckFunctions(backend, 0.7));

    [Fact]
    public void Branches() => Holds(CheckBranches(backend, Kinds));

    [Theory, InlineData(1), InlineData(2), InlineData(7)]
    public void Softmax(int columns) => Holds(CheckSoftmax(backend, columns));

    [Fact]
    public void CrossEntropy() => Holds(CheckCrossEntropy(backend, Targets, 5));

    [Fact]
    public void SeveralElementsALane() => Holds(CheckPair(backend));

    [Fact]
    public void RowsFromTheirEnd() => Holds(CheckReversed(backend, 5, 5));

    [Fact]
    public void APlaneTurned() => Holds(CheckTransposed(backend, 5, 3));

    [Fact]
    public void ValuesThatBranchesChoose() => Holds(CheckChosen(backend));

    [Theory, InlineData(1), InlineData(4)]
    public void StepOfACrf(int tags) => Holds(CheckCrfStep(backend, tags));

    [Fact]
    public void EmissionsOfACrf() => Holds(CheckCrfEmissions(backend, Targets, 5));

    [Theory, InlineData(3), InlineData(5)]
    public void LayerNorm(int columns) => Holds(CheckLayerNorm(backend, columns, 0.1));

    [Theory, InlineData(1), InlineData(3)]
    public void LstmCell(int hidden) => Holds(CheckLstmCell(backend, hidden));

    [Fact]
    public void RowsAndColumnsOfAPlane() => Holds(CheckOuter(backend, 5));

    [Fact]
    public void LoopWrittenOut() => Holds(CheckNewton(backend));

    [Fact]
    public void LoopsInLoops() => Holds(CheckPairs(backend, 4));

    [Theory, InlineData(2, 0), InlineData(6, 3), InlineData(7, 1)]
    public void PlacesComputedFromParameters(int width, int step) =>
        Holds(CheckGatedHalves(backend, [1, -1, 0], width, step, 0.7));

    [Theory, InlineData(1, 1), InlineData(2, 3), InlineData(3, 2), InlineData(5, 1)]
    public void ElementsOfAColumn(int columns, int depth) => Holds(CheckColumnPairs(backend, columns, depth));

    [Fact]
    public void ConstantsAndSteps() => Holds(CheckCounted(backend));

    [Theory, InlineData(3), InlineData(5), InlineData(6)]
    public void TermsThatCancelToNothing(int columns) => Holds(CheckTelescope(backend, columns));

    // The managed device finds it, whatever device the check is for.
    [Theory, InlineData("managed"), InlineData("opencl")]
    public void AnIndexThatLeavesItsRowIsFound(string name)
    {
        Assert.SkipWhen(name == "opencl" && OpenClForTests.WhyNot is not null, OpenClForTests.WhyNot ?? "");
        using var there = GpuDevice.Open(name);
        Holds(CheckPickedInRow(new GpuBackend<double>(there), [0, 3, 1], 4));
        foreach (var outside in (int[][])[[4, 0, 0], [0, -4, 0], [0, 0, 400], [-1, 0, 0]])
            Assert.Throws<KernelFaultException>(
                () => CheckPickedInRow(new GpuBackend<double>(there), outside, 4));
    }

    [Theory, InlineData(1), InlineData(5)]
    public void MaximaOfMinima(int columns) => Holds(CheckMaxOfMin(backend, columns));

    [Theory, InlineData(1), InlineData(5)]
    public void StructOfViews(int columns) => Holds(CheckRootMeanSquare(backend, columns, 0.1));

    // What the generator made of adjoints for a compiler of OpenCL C.
    [Fact]
    public void OnOpenCl()
    {
        Assert.SkipWhen(OpenClForTests.WhyNot is not null, OpenClForTests.WhyNot ?? "");
        using var openCl = GpuDevice.Open("opencl");
        var there = new GpuBackend<double>(openCl);
        GradientCheckReport[] reports =
        [
            CheckGate(there), CheckFunctions(there, 0.7), CheckBranches(there, Kinds), CheckChosen(there),
            CheckSoftmax(there, 7), CheckCrossEntropy(there, Targets, 5), CheckLayerNorm(there, 5, 0.1),
            CheckLstmCell(there, 3), CheckOuter(there, 5), CheckNewton(there), CheckPairs(there, 4),
            CheckRootMeanSquare(there, 5, 0.1), CheckPair(there), CheckReversed(there, 5, 5),
            CheckTransposed(there, 5, 3), CheckGatedHalves(there, [1, -1, 0], 6, 3, 0.7), CheckMaxOfMin(there, 5),
            CheckColumnPairs(there, 5, 3),
        ];
        Assert.All(reports, Holds);
    }
}
