using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Loss;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Rows;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>The library's kernels beside those of their gradients, one pair at a time, by dual numbers.</summary>
public sealed class KernelPairTests : IDisposable
{
    readonly ManagedDevice device = new();
    readonly GpuBackend<double> backend;

    public KernelPairTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    GradientCheckReport Holds(IKernelPair pair, string operation, GradientCheckOptions? options = null) =>
        Holds(backend, pair, operation, options);

    static GradientCheckReport Holds(GpuBackend<double> backend, IKernelPair pair, string operation,
        GradientCheckOptions? options = null)
    {
        var report = GradientCheck.Run(operation, backend, pair, options);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal([operation], report.Operations);
        Assert.Empty(report.Dual!.Lost);
        Assert.Empty(report.Dual.Ties);
        Assert.InRange(report.Dual.Worst.Error, 0, 1e-13);
        return report;
    }

    public static TheoryData<Unary> Functions => [.. Enum.GetValues<Unary>()];

    [Theory, MemberData(nameof(Functions))]
    public void Map(Unary function) => Holds(new MapPair(function, [0.3, 1.2, 0.7, 2.5, 0.1, 0.9]), nameof(MapPair));

    [Fact]
    public void LogSoftmax() => Holds(new LogSoftmaxPair(), nameof(LogSoftmaxPair));

    [Fact]
    public void CrossEntropy() => Holds(new CrossEntropyPair(), nameof(CrossEntropyPair));

    [Fact]
    public void GatherAndScatterAdd() => Holds(new GatherPair(), nameof(GatherPair));

    [Fact]
    public void TanhStep() => Holds(new TanhPair(), nameof(TanhPair));

    [Fact]
    public void LstmStep()
    {
        var report = Holds(new LstmPair(), nameof(LstmPair), GradientCheckOptions.Thorough);
        // Everything that a check of operations has, of hand-launched kernels.
        Assert.Equal(["same bits", "added gradients", "absent cotangents", "aliased inputs", "strided inputs",
            "float, ulp", "second order, symmetry", "second order, differences"],
            report.Parts.Select(part => part.Name));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void CrfByGroupsAndByWarps(bool byWarps) => Holds(new CrfPair(byWarps), nameof(CrfPair));

    [Fact]
    public void BackwardKernelsRunWhereTheyAreToldTo()
    {
        Assert.SkipWhen(OnOpenCl.WhyNot is not null, OnOpenCl.WhyNot ?? "");
        using var openCl = OnOpenCl.Open();
        Holds(new GpuBackend<double>(openCl), new LstmPair(), nameof(LstmPair));
        Holds(new GpuBackend<double>(openCl), new CrfPair(ByWarps: false), nameof(CrfPair));
        var error = Assert.Throws<UnsupportedOnDeviceException>(() => GradientCheck.Run("by warps",
            new GpuBackend<double>(openCl), new CrfPair(ByWarps: true)));
        Assert.Contains("WarpCrfKernels.Forward", error.Message, StringComparison.Ordinal);
    }

    // ReLU at 0, where the derivative holds on one side: the place is told, and the difference is off.
    [Fact]
    public void ATieIsTold()
    {
        var report = GradientCheck.Run("kink", backend, new MapPair(Unary.Relu, [0.3, 0, -0.7, 1, 2, -3]));
        Assert.False(report.Passed);
        Assert.Equal("x[1]", report.Worst.Place);
        Assert.Contains("UnaryKernelFunctions.cs:", Assert.Single(report.Dual!.Ties), StringComparison.Ordinal);
    }

    // By 1e-12, which no difference sees.
    [Fact]
    public void ASlopeThatIsALittleOffIsFound()
    {
        var report = GradientCheck.Run("tanh", backend, new MapPair(Unary.Tanh, [0.3, 1.2, 0.7, 2.5, 0.1, 0.9], 1e-12),
            new() { Directions = 0 });
        Assert.True(report.Worst.Error < 1e-8);
        Assert.All(report.Parts, part => Assert.True(part.Passed, part.ToString()));
        Assert.False(report.Passed);
        Assert.InRange(report.Dual!.Worst.Error, 0.9e-12, 1.1e-12);
        Assert.StartsWith("x[", report.Dual.Worst.Place, StringComparison.Ordinal);
    }

    // Backward kernels are not asked.
    [Fact]
    public void AKernelAloneHasItsDerivativeAlongADirection()
    {
        double[] x = [0.3, 1.2, 0.7, 2.5, 0.1, 0.9], v = [1, -1, 0.5, 0, 2, 3];
        var sigmoid = GradientCheck.Along(new MapPair(Unary.Sigmoid), [x], [v]);
        for (var i = 0; i < x.Length; i++)
        {
            var y = 1 / (1 + Math.Exp(-x[i]));
            Assert.Equal(y, sigmoid.Values[0][i], 1e-15);
            Assert.Equal(y * (1 - y) * v[i], sigmoid.Tangents[0][i], 1e-15);
        }
        Assert.Empty(sigmoid.Ties);
        var relu = GradientCheck.Along(new MapPair(Unary.Relu), [[0, 1, -1, 0, 2, 3]], [[1, 1, 1, 0, 1, 1]]);
        Assert.Contains("both 0", Assert.Single(relu.Ties), StringComparison.Ordinal);
        Assert.Equal([1, 0, 0, 1, 1], relu.Tangents[0].Skip(1));
    }

    // Scores of double, whatever the numbers are.
    [Fact]
    public void ATangentThatIsLostIsTold()
    {
        double[] emissions = new double[45], transitions = new double[25];
        emissions[7] = 1;
        Assert.Empty(GradientCheck.Along(new CrfPair(ByWarps: false), [emissions, transitions],
            [emissions, transitions]).Lost);
        var lost = GradientCheck.Along(new CrfPair(ByWarps: false, InDouble: true), [emissions, transitions],
            [emissions, transitions]);
        Assert.Contains("CrfOperands.cs:", Assert.Single(lost.Lost), StringComparison.Ordinal);
        Assert.Equal([0, 0, 0], lost.Tangents[0]);
    }

    /// <summary>y = f(x), its gradient too large by a share.</summary>
    sealed record MapPair(Unary Function, double[]? At = null, double Error = 0) : IKernelPair
    {
        bool SavesInput => Function is Unary.Log or Unary.Square;

        public IReadOnlyList<KernelOperand> Inputs => [new("x", 2, 3) { Values = At }];

        public IReadOnlyList<KernelOperand> Outputs => [new("y", 2, 3)];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            ElementwiseKernels.LaunchMap<T>(operands.Device, 6, (int)Function, operands["x"], operands["y"], 3);

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            ElementwiseKernels.LaunchMapBackward<T>(operands.Device, 6, (int)Function,
                operands[SavesInput ? "x" : "y"], operands.Gradient("y"), operands.Gradient("x"), 3, false);
            if (Error != 0)
                operands.Backend.Elementwise.Scale(T.CreateTruncating(1 + Error), operands.Gradient("x"),
                    operands.Gradient("x"));
        }
    }

    sealed record LogSoftmaxPair : IKernelPair
    {
        public IReadOnlyList<KernelOperand> Inputs => [new("x", 3, 7)];

        public IReadOnlyList<KernelOperand> Outputs => [new("y", 3, 7)];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            CrossEntropyKernels.LaunchLogSoftmax<T>(operands.Device, (3, 64), operands["x"], operands["y"], 7);

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            CrossEntropyKernels.LaunchLogSoftmaxBackward<T>(operands.Device, (3, 64), operands["y"],
                operands.Gradient("y"), operands.Gradient("x"), 7, true);
    }

    sealed record CrossEntropyPair : IKernelPair
    {
        static readonly int[] Targets = [4, -1, 0, 2];

        public IReadOnlyList<KernelOperand> Inputs => [new("logits", 4, 5)];

        public IReadOnlyList<KernelOperand> Outputs => [new("losses", 4, 1)];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            CrossEntropyKernels.LaunchForward<T>(operands.Device, (4, 64), operands["logits"], 5,
                operands.Integers(Targets), operands.Keep("log Z", 4, 1), operands["losses"]);

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            CrossEntropyKernels.LaunchBackward<T>(operands.Device, 20, operands["logits"], 5,
                operands.Integers(Targets), operands["log Z"], operands.Gradient("losses"),
                operands.Gradient("logits"), false);
    }

    sealed record GatherPair : IKernelPair
    {
        // The rows of the gradient that go to tables' rows 0, 1, 2 and 5.
        static readonly int[] Indices = [2, 0, -1, 2, 5, 1, 2];
        static readonly int[] Positions = [1, 5, 0, 3, 6, 4], Starts = [0, 1, 2, 5, 6], Rows = [0, 1, 2, 5];

        public IReadOnlyList<KernelOperand> Inputs => [new("table", 6, 3)];

        public IReadOnlyList<KernelOperand> Outputs => [new("rows", 7, 3)];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            RowsKernels.LaunchGather<T>(operands.Device, 21, operands["table"], operands.Integers(Indices),
                operands["rows"], 3);

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            RowsKernels.LaunchScatterAdd<T>(operands.Device, 4 * 3, operands.Gradient("rows"),
                operands.Integers(Positions), operands.Integers(Starts), operands.Integers(Rows),
                operands.Gradient("table"), 3);
    }

    sealed record TanhPair : IKernelPair
    {
        const int Batch = 2, Hidden = 3;

        public IReadOnlyList<KernelOperand> Inputs => [new("sums", Batch, Hidden)];

        public IReadOnlyList<KernelOperand> Outputs => [new("h", Batch, Hidden)];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var gates = operands.Keep("gates", Batch, Hidden);
            operands.Backend.Elementwise.Copy(operands["sums"], gates);
            TanhKernels.LaunchForward(operands.Device, Batch * Hidden, new ForwardStep<T>(gates,
                operands.Keep("state", Batch, Hidden).Array, default, default, default, operands["h"], default, 0,
                Hidden));
        }

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            operands.Backend.Elementwise.Fill(operands["state"], T.Zero);
            TanhKernels.LaunchBackward(operands.Device, Batch * Hidden, new BackwardStep<T>(operands["gates"],
                default, default, default, operands.Gradient("h"), operands["state"].Array, default, default, default,
                0, 0, Hidden));
            operands.Backend.Elementwise.Copy(operands["gates"], operands.Gradient("sums"));
        }
    }

    sealed record LstmPair : IKernelPair
    {
        const int Batch = 2, Hidden = 3;

        public IReadOnlyList<KernelOperand> Inputs => [new("sums", Batch, 4 * Hidden), new("c before", Batch, Hidden)];

        public IReadOnlyList<KernelOperand> Outputs => [new("h", Batch, Hidden), new("c", Batch, Hidden)];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var (gates, state) = (operands.Keep("gates", Batch, 4 * Hidden), operands.Keep("state", Batch, Hidden));
            var cell = operands.Keep("cell", Batch, Hidden);
            operands.Backend.Elementwise.Copy(operands["sums"], gates);
            operands.Backend.Elementwise.Copy(operands["c before"], cell);
            LstmKernels.LaunchForward(operands.Device, Batch * Hidden, new ForwardStep<T>(gates, state.Array,
                cell.Array, operands["c"], default, operands["h"], default, 0, Hidden));
        }

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var cell = operands.Gradient("c before");
            operands.Backend.Elementwise.Copy(operands.Gradient("c"), cell);
            operands.Backend.Elementwise.Fill(operands["state"], T.Zero);
            var gates = operands.Gradient("sums");
            operands.Backend.Elementwise.Copy(operands["gates"], gates);
            LstmKernels.LaunchBackward(operands.Device, Batch * Hidden, new BackwardStep<T>(gates, operands["c"],
                default, operands["c before"], operands.Gradient("h"), operands["state"].Array, cell.Array, default,
                default, 0, 0, Hidden));
        }
    }

    /// <summary>log Z of three sentences, and their marginals as its gradient.</summary>
    sealed record CrfPair(bool ByWarps, bool InDouble = false) : IKernelPair
    {
        const int Steps = 3, Sentences = 3, Tags = 5;

        public IReadOnlyList<KernelOperand> Inputs =>
            [new("emissions", Steps * Sentences, Tags), new("transitions", Tags, Tags)];

        public IReadOnlyList<KernelOperand> Outputs => [new("log Z", Sentences, 1)];

        static CrfOperands<T, T> Crf<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            Crf<T, T>(operands);

        static CrfOperands<T, TScore> Crf<T, TScore>(KernelOperands<T> operands)
            where T : unmanaged, IFloatingPointIeee754<T>
            where TScore : unmanaged, IFloatingPointIeee754<TScore> =>
            new(operands["emissions"], operands["transitions"], operands.Integers(3, 1, 2), Steps, Sentences, Tags, 3,
                4);

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (InDouble)
            {
                using var scores = operands.Device.Allocate<double>(Steps * Sentences * Tags);
                CrfKernels.LaunchForward<T, double>(operands.Device, (Sentences, 32), Crf<T, double>(operands),
                    default, operands["log Z"], new Matrix<double>(scores.View, Tags));
                return;
            }
            var alpha = operands.Keep("alpha", Steps * Sentences, Tags);
            if (ByWarps)
                WarpCrfKernels.LaunchForward<T, T>(operands.Device, (Sentences, 32), Tags, Crf(operands), default,
                    operands["log Z"], alpha);
            else
                CrfKernels.LaunchForward<T, T>(operands.Device, (Sentences, 32), Crf(operands), default,
                    operands["log Z"], alpha);
        }

        public void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var expected = operands.Keep("expected", Sentences * (Tags + 2), Tags);
            var alpha = operands["alpha"];
            if (ByWarps)
                WarpCrfKernels.LaunchBackward<T, T>(operands.Device, (Sentences, 32), Tags, Crf(operands), default,
                    operands.Gradient("log Z"), operands.Gradient("emissions"), expected, alpha, false);
            else
                CrfKernels.LaunchBackward<T, T>(operands.Device, (Sentences, 32), Crf(operands), default,
                    operands.Gradient("log Z"), operands.Gradient("emissions"), expected, alpha,
                    operands.Keep("work", 3 * Sentences, Tags), false);
            CrfKernels.LaunchAddExpected<T, T>(operands.Device, Tags * Tags, Crf(operands), expected,
                operands.Gradient("transitions"));
        }
    }
}
