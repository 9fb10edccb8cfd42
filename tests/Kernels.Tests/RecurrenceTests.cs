using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// <see cref="CpuRecurrence{T}"/> against <see cref="RecurrenceReference"/>, central differences, and itself on other
/// numbers of threads.
/// </summary>
public class RecurrenceTests
{
    static readonly int[] Falling = [5, 5, 4, 2, 2, 1, 0], Unsorted = [1, 5, 0, 3, 5, 2, 4];

    /// <summary>Unit, steps, batch, hidden size, reverse, lengths, initial states.</summary>
    public static TheoryData<RecurrentUnit, int, int, int, bool, int[]?, bool> Cases
    {
        get
        {
            var cases = new TheoryData<RecurrentUnit, int, int, int, bool, int[]?, bool>();
            foreach (var unit in Enum.GetValues<RecurrentUnit>())
            {
                cases.Add(unit, 1, 1, 1, false, null, false);
                cases.Add(unit, 3, 9, 17, false, null, true);
                cases.Add(unit, 4, 13, 5, true, null, false);
                foreach (var reverse in new[] { false, true })
                {
                    cases.Add(unit, 5, 7, 5, reverse, Falling, true);
                    cases.Add(unit, 5, 7, 3, reverse, Unsorted, true);
                    cases.Add(unit, 5, 7, 5, reverse, Unsorted, false);
                }
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void ForwardIsTheEquations(RecurrentUnit unit, int steps, int batch, int hidden, bool reverse,
        int[]? lengths, bool initialStates)
    {
        using var device = new CpuDevice(2);
        var shape = new RecurrenceShape(unit, steps, batch, hidden, reverse);
        var problem = new RecurrenceProblem<double>(device, shape, lengths, initialStates);
        var single = new RecurrenceProblem<float>(device, shape, lengths, initialStates);
        var expected = RecurrenceReference.Run(shape, problem.LengthArray, problem.Input.ToArray(),
            problem.Weight.ToArray(), problem.Bias.ToArray(),
            problem.InitialHidden.ToArray(), problem.InitialCell.ToArray());
        foreach (var save in new[] { true, false })
        {
            problem.Forward(save);
            single.Forward(save);
            Tolerance.AssertClose<double>(expected.Hidden, problem.Hidden, 40);
            Tolerance.AssertClose<double>(expected.FinalHidden, problem.FinalHidden, 40);
            Tolerance.AssertClose<float>(expected.Hidden, single.Hidden, 40);
            Tolerance.AssertClose<float>(expected.FinalHidden, single.FinalHidden, 40);
            if (!unit.Traits().HasCell) continue;
            Tolerance.AssertClose<double>(expected.FinalCell, problem.FinalCell, 40);
            Tolerance.AssertClose<float>(expected.FinalCell, single.FinalCell, 40);
        }
        problem.Hidden.AssertGapsUntouched();
        problem.Gates.AssertGapsUntouched();
        problem.FinalHidden.AssertGapsUntouched();
    }

    [Theory, InlineData(5), InlineData(64)]
    public void NoBiasIsOneOfZeros(int hidden)
    {
        using var device = new CpuDevice(2);
        var shape = new RecurrenceShape(RecurrentUnit.Gru, 3, 4, hidden);
        var zeros = new RecurrenceProblem<double>(device, shape, null, initialStates: true);
        zeros.Bias.Row(0).Clear();
        // Memory that is not zeros already.
        for (var count = 1; count <= 4 * hidden; count *= 2)
            using (var buffer = device.Allocate<double>(count)) buffer.CopyFrom([.. Enumerable.Repeat(9.0, count)]);
        var none = new RecurrenceProblem<double>(device, shape, null, initialStates: true) { LeavesOutBias = true };
        zeros.Forward();
        none.Forward();
        Tolerance.AssertSameBits(zeros.Hidden, none.Hidden);
        Tolerance.AssertSameBits(zeros.FinalHidden, none.FinalHidden);
    }

    [Theory, MemberData(nameof(Cases))]
    public void BackwardIsTheSlope(RecurrentUnit unit, int steps, int batch, int hidden, bool reverse, int[]? lengths,
        bool initialStates)
    {
        using var device = new CpuDevice(1);
        var problem = new RecurrenceProblem<double>(device, new RecurrenceShape(unit, steps, batch, hidden, reverse),
            lengths, initialStates);
        problem.Forward();
        problem.Backward();
        problem.WeightGradient.AssertGapsUntouched();
        Shift(problem.WeightGradient, -0.5);
        Shift(problem.BiasGradient, -0.5);
        var inputGradient = problem.Gates.Clone();
        CentralDifferences.AssertGradient(Loss, problem.Input, inputGradient);
        CentralDifferences.AssertGradient(Loss, problem.Weight, problem.WeightGradient);
        if (unit.Traits().HasCandidate) CentralDifferences.AssertGradient(Loss, problem.Bias, problem.BiasGradient);
        if (!initialStates) return;
        CentralDifferences.AssertGradient(Loss, problem.InitialHidden, problem.InitialHiddenGradient);
        if (unit.Traits().HasCell)
            CentralDifferences.AssertGradient(Loss, problem.InitialCell, problem.InitialCellGradient);

        double Loss()
        {
            problem.Forward();
            var loss = CentralDifferences.Dot(problem.HiddenCotangent, problem.Hidden);
            if (initialStates) loss += CentralDifferences.Dot(problem.FinalHiddenCotangent, problem.FinalHidden);
            if (initialStates && unit.Traits().HasCell)
                loss += CentralDifferences.Dot(problem.FinalCellCotangent, problem.FinalCell);
            return loss;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void FloatBackwardIsDoubleBackwardToRounding(RecurrentUnit unit, int steps, int batch, int hidden,
        bool reverse, int[]? lengths, bool initialStates)
    {
        using var device = new CpuDevice(2);
        var shape = new RecurrenceShape(unit, steps, batch, hidden, reverse);
        var reference = new RecurrenceProblem<double>(device, shape, lengths, initialStates);
        var problem = new RecurrenceProblem<float>(device, shape, lengths, initialStates);
        reference.Forward();
        reference.Backward();
        problem.Forward();
        problem.Backward();
        Tolerance.AssertClose<float>(reference.Gates.ToArray(), problem.Gates, 100);
        Tolerance.AssertClose<float>(reference.WeightGradient.ToArray(), problem.WeightGradient, 100, steps * batch);
        Tolerance.AssertClose<float>(reference.BiasGradient.ToArray(), problem.BiasGradient, 100, steps * batch);
        Tolerance.AssertClose<float>(reference.InitialHiddenGradient.ToArray(), problem.InitialHiddenGradient, 100);
        Tolerance.AssertClose<float>(reference.InitialCellGradient.ToArray(), problem.InitialCellGradient, 100);
    }

    public static TheoryData<RecurrentUnit> Units => [.. Enum.GetValues<RecurrentUnit>()];

    [Theory, MemberData(nameof(Units))]
    public void AnyNumberOfThreadsGivesTheSameBits(RecurrentUnit unit)
    {
        RecurrenceProblem<float>? one = null;
        for (var threads = 1; threads <= 3; threads++)
        {
            using var device = new CpuDevice(threads);
            int[] lengths = [.. Enumerable.Range(0, 29).Select(row => 6 - row / 5)];
            var problem = new RecurrenceProblem<float>(device, new RecurrenceShape(unit, 6, 29, 37), lengths, true);
            problem.Forward();
            problem.Backward();
            one ??= problem;
            Tolerance.AssertSameBits(one.Hidden, problem.Hidden);
            Tolerance.AssertSameBits(one.Gates, problem.Gates);
            Tolerance.AssertSameBits(one.WeightGradient, problem.WeightGradient);
            Tolerance.AssertSameBits(one.BiasGradient, problem.BiasGradient);
            Tolerance.AssertSameBits(one.InitialHiddenGradient, problem.InitialHiddenGradient);
        }
    }

    [Theory]
    [InlineData(0, 3), InlineData(3, 0), InlineData(0, 0)]
    public void WithoutStepsTheStatesPassThrough(int steps, int batch)
    {
        using var device = new CpuDevice(2);
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
        {
            var problem = new RecurrenceProblem<double>(device, new RecurrenceShape(unit, steps, batch, 4), null, true);
            problem.Forward();
            problem.Backward();
            Tolerance.AssertSameBits(problem.InitialHidden, problem.FinalHidden);
            Tolerance.AssertSameBits(problem.FinalHiddenCotangent, problem.InitialHiddenGradient);
            Assert.All(problem.WeightGradient.ToArray(), value => Assert.Equal(0.5, value));
        }
    }

    [Fact]
    public void TheFinalStateMayTakeTheInitialStatesPlace()
    {
        using var device = new CpuDevice(1);
        var gemm = new CpuGemm<double>(device);
        var shape = new RecurrenceShape(RecurrentUnit.Tanh, 2, 3, 4);
        var problem = new RecurrenceProblem<double>(device, shape, null, true);
        problem.Forward();
        var gates = problem.Input.Clone();
        new CpuRecurrence<double>(device, gemm).Forward(new RecurrenceForward<double>
        {
            Shape = shape,
            Gates = gates,
            RecurrentWeight = problem.Weight,
            Hidden = problem.Hidden,
            InitialHidden = problem.InitialHidden,
            FinalHidden = problem.InitialHidden,
        });
        Tolerance.AssertSameBits(problem.FinalHidden, problem.InitialHidden);
    }

    [Theory, MemberData(nameof(Cases))]
    public void InputProductsThatRepeatMayBeGivenOnce(RecurrentUnit unit, int steps, int batch, int hidden,
        bool reverse, int[]? lengths, bool initialStates)
    {
        using var device = new CpuDevice(2);
        var problem = new RecurrenceProblem<float>(device, new RecurrenceShape(unit, steps, batch, hidden, reverse),
            lengths, initialStates);
        int[] places = [.. Enumerable.Range(0, steps * batch).Select(row => row * row % 5)];
        var distinct = Views.Random<float>(device, 5, problem.Input.Columns, problem.Input.Columns + 2, seed: 11);
        for (var row = 0; row < places.Length; row++) distinct.Row(places[row]).CopyTo(problem.Input.Row(row));
        problem.Forward(save: false);
        var (hiddenOfAll, finalOfAll, before) = (problem.Hidden.Clone(), problem.FinalHidden.Clone(), distinct.Clone());
        problem.Forward(distinct, Views.Indices(device, places));
        Tolerance.AssertSameBits(hiddenOfAll, problem.Hidden);
        Tolerance.AssertSameBits(finalOfAll, problem.FinalHidden);
        Tolerance.AssertSameBits(before, distinct);
    }

    [Fact]
    public void NothingIsKept()
    {
        using var device = new CpuDevice(2);
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
        {
            var problem = new RecurrenceProblem<float>(device, new RecurrenceShape(unit, 3, 10, 6), null, true);
            var places = Views.Indices(device, new int[30]);
            var live = device.Counters.LiveBuffers;
            problem.Forward(save: false);
            problem.Forward(problem.Input, places);
            problem.Forward();
            problem.Backward();
            Assert.Equal(live, device.Counters.LiveBuffers);
        }
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        using var device = new CpuDevice(1);
        var recurrence = new CpuRecurrence<float>(device, new CpuGemm<float>(device));
        var pass = new RecurrenceForward<float>
        {
            Shape = new RecurrenceShape(RecurrentUnit.Lstm, 2, 3, 4),
            Gates = Views.Filled<float>(device, 6, 16),
            RecurrentWeight = Views.Filled<float>(device, 16, 5),
            Hidden = Views.Filled<float>(device, 6, 4),
        };
        Assert.Contains("recurrent weight [16 x 5], expected [16 x 4]",
            Assert.Throws<ShapeException>(() => recurrence.Forward(pass)).Message);
        pass.RecurrentWeight = Views.Filled<float>(device, 16, 4);
        pass.Lengths = Views.Indices(device, 1, 3, 2);
        Assert.Contains("length 3 of row 1", Assert.Throws<ShapeException>(() => recurrence.Forward(pass)).Message);
        pass.Lengths = Views.Indices(device, 1, 2);
        Assert.Throws<ShapeException>(() => recurrence.Forward(pass));
        (pass.Lengths, pass.InputRows) = (default, Views.Indices(device, 0, 1, 2, 3, 6, 5));
        Assert.Contains("input rows[4] = 6 lies outside 0..5",
            Assert.Throws<ShapeException>(() => recurrence.Forward(pass)).Message);
        pass.InputRows = Views.Indices(device, 0, 1);
        Assert.Contains("input rows", Assert.Throws<ShapeException>(() => recurrence.Forward(pass)).Message);
    }

    static void Shift(MatrixView<double> view, double by)
    {
        for (var row = 0; row < view.Rows; row++)
            foreach (ref var element in view.Row(row)) element += by;
    }
}
