using System.Numerics;
using LdNetGpu.Kernels.Optimizer;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory, MemberData(nameof(Sizes))]
    public void OptimizerSteps(int rows, int columns, int gap)
    {
        Operand[] weights = [.. Enumerable.Range(0, 5).Select(i => Operand.Random(rows, columns, 1 + (ulong)i, gap))];
        Operand[] state = [.. Enumerable.Range(0, 6).Select(i => Operand.Filled(rows, columns, 0, gap: i % 2))];
        var gradient = Operand.Random(rows, columns, 9, gap + 1);
        Work(Ours);
        Work(Reference);
        foreach (var operand in weights.Concat(state)) Check(operand, k: 32);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var optimizers = side.Backend.Optimizers;
            for (var step = 1; step <= 3; step++)
            {
                optimizers.Sgd(side[weights[0]], side[gradient], side[state[0]], new(0.1, 0.9, 0.5, step));
                optimizers.Sgd(side[weights[1]], side[gradient], default, new(0.1, 0));
                optimizers.Adam(side[weights[2]], side[gradient], side[state[1]], side[state[2]], new(0.01, step, 0.5));
                optimizers.Adagrad(side[weights[3]], side[gradient], side[state[3]], new(0.01, 0.5));
                optimizers.Adadelta(side[weights[4]], side[gradient], side[state[4]], side[state[5]], new(1, 0.5));
            }
        }
    }

    [Fact]
    public void AdamOverAllParameters()
    {
        // More without gaps in a row than one launch takes; empty, with gaps, one element.
        (int Rows, int Columns, int Gap)[] shapes =
            [(7, 9, 2), (3, 5, 0), (0, 4, 0), (1, 1, 0), (2, 2, 0), (300, 1, 0), (1, 6, 0), (4, 4, 0), (5, 1, 0),
                (1, 8, 0), (6, 2, 0), (2, 3, 1)];
        Operand[] weights = [
            .. shapes.Select((shape, i) => Operand.Random(shape.Rows, shape.Columns, 1 + (ulong)i, shape.Gap))];
        Operand[] gradients = [
            .. shapes.Select((shape, i) => Operand.Random(shape.Rows, shape.Columns, 40 + (ulong)i, shape.Gap))];
        Operand[] first = [.. shapes.Select(shape => Operand.Filled(shape.Rows, shape.Columns, 0))];
        Operand[] second = [.. shapes.Select(shape => Operand.Filled(shape.Rows, shape.Columns, 0))];
        Work(Ours);
        Work(Reference);
        foreach (var operand in weights.Concat(first).Concat(second)) Check(operand, k: 32);
        var (norms, expected) = (Norms(Ours), Norms(Reference));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], norms[i], 1e-12 * (1 + expected[i]));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            for (var step = 1; step <= 2; step++)
                side.Backend.Optimizers.AdamAll([.. weights.Select((weight, i) =>
                    new AdamParameter<TNumber>(side[weight], side[gradients[i]], side[first[i]], side[second[i]]))],
                    new(0.01, step, 0.5));
        }

        double[] Norms<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Reduction.SquaredNorms([.. gradients.Select(operand => side[operand])]);
    }

    /// <summary>
    /// Decays so near to 1 that 1 - decay^n of the first steps n is lost where it is subtracted. At one and the same
    /// gradient the corrected moments are its own, whatever the decays, so that each step moves by the rate; what idle
    /// steps do has closed forms.
    /// </summary>
    [Fact]
    public void SlowDecaysAreCorrectedExactlyFromTheFirstSteps()
    {
        const double rate = 0.25, lost1 = 1.0 / (1 << 20), lost2 = 1.0 / (1 << 30), momentum = 1 - lost2;
        var gradient = Operand.Filled(1, 5, 0.5f);
        Operand[] weights = [.. Enumerable.Range(0, 4).Select(_ => Operand.Filled(1, 5, 0))];
        Operand[] state = [.. Enumerable.Range(0, 7).Select(_ => Operand.Filled(1, 5, 0))];
        IndexOperand row = new(0), lastAdam = new(0), lastSgd = new(0);
        using var numbers = Ours.Backend.Optimizers.NewStepNumbers()!;
        Work(Ours, null);
        Work(Reference, null);
        Work(Ours, numbers);
        // Idle steps 2 and 3 after the first: m and v shrink, their corrections grow.
        double Idle(int step) => rate * Math.Pow(1 - lost1, step - 1) * lost1 / Lost(lost1, step)
            / Math.Sqrt(Math.Pow(1 - lost2, step - 1) * lost2 / Lost(lost2, step));
        double[] expected = [-3 * rate, -3 * rate, -rate - Idle(2) - Idle(3),
            -rate * 0.5 * (1 + momentum + momentum * momentum)];
        for (var i = 0; i < weights.Length; i++)
        {
            Tolerance.AssertClose([.. Enumerable.Repeat(expected[i], 5)], Ours[weights[i]], k: 32);
            if (i != 1) Tolerance.AssertClose([.. Enumerable.Repeat(expected[i], 5)], Reference[weights[i]], k: 32);
        }

        // 1 - (1 - lost)^step
        static double Lost(double lost, int step) => step == 2 ? lost * (2 - lost) : lost * (3 - lost * (3 - lost));

        void Work<TNumber>(Side<TNumber> side, StepNumbers? numbers)
            where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var optimizers = side.Backend.Optimizers;
            AdamStep Step(int number) => new(rate, number, 1, 1 - lost1, 1 - lost2, Epsilon: 0) { OnDevice = numbers };
            for (var number = 1; number <= 3; number++)
            {
                numbers?.Write(rate, number, null);
                if (numbers is not null) numbers.ClipOrSkip<TNumber>([side[gradient]], default, 1 - lost1, 1 - lost2);
                var first = numbers is null ? 0 : 1;
                optimizers.Adam(side[weights[first]], side[gradient], side[state[2 * first]],
                    side[state[2 * first + 1]], Step(number));
            }
            if (numbers is not null) return;
            optimizers.AdamRows(side[weights[2]], side[row], side[gradient], side[state[4]], side[state[5]],
                side[lastAdam], Step(1));
            optimizers.AdamRows(side[weights[2]], side[row], default, side[state[4]], side[state[5]], side[lastAdam],
                Step(3));
            optimizers.SgdRows(side[weights[3]], side[row], side[gradient], side[state[6]], side[lastSgd],
                new(rate, momentum));
            optimizers.SgdRows(side[weights[3]], side[row], default, side[state[6]], side[lastSgd],
                new(rate, momentum, 1, 3));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    public void OptimizersOverRowsReplayIdleSteps(int tableRows, int columns)
    {
        Operand[] tables = [
            .. Enumerable.Range(0, 3).Select(i => Operand.Random(tableRows, columns, 1 + (ulong)i, gap: i))];
        Operand[] state = [.. Enumerable.Range(0, 3).Select(i => Operand.Filled(tableRows, columns, 0, gap: 2 - i))];
        // Steps and the rows they touch; rows left behind are idle for up to 400 steps.
        (int Step, int[] Rows)[] touched = [(1, [0, tableRows - 1]), (2, [tableRows / 2]), (5, [0]),
            (402, [tableRows - 1])];
        var plan = touched.Select(part => (part.Step, Rows: new IndexOperand([.. part.Rows.Distinct()]),
            Gradient: Operand.Random(part.Rows.Distinct().Count(), columns, 20 + (ulong)part.Step, gap: 1))).ToArray();
        IndexOperand[] lastSteps = [.. Enumerable.Range(0, 3).Select(_ => new IndexOperand(new int[tableRows]))];
        var all = new IndexOperand([.. Enumerable.Range(0, tableRows)]);
        Work(Ours);
        Work(Reference);
        foreach (var operand in tables.Concat(state)) Check(operand, k: 64);
        foreach (var last in lastSteps) Assert.Equal(Reference[last].ToArray(), Ours[last].ToArray());

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var optimizers = side.Backend.Optimizers;
            foreach (var (step, rows, gradient) in plan)
            {
                optimizers.SgdRows(side[tables[0]], side[rows], side[gradient], side[state[0]], side[lastSteps[0]],
                    new(0.1, 0.9, 0.5, step));
                optimizers.SgdRows(side[tables[1]], side[rows], side[gradient], default, side[lastSteps[1]],
                    new(0.1, 0, 1, step));
                optimizers.AdamRows(side[tables[2]], side[rows], side[gradient], side[state[1]], side[state[2]],
                    side[lastSteps[2]], new(0.01, step));
            }
            optimizers.SgdRows(side[tables[0]], side[all], default, side[state[0]], side[lastSteps[0]],
                new(0.1, 0.9, 1, 404));
            optimizers.AdamRows(side[tables[2]], side[all], default, side[state[1]], side[state[2]], side[lastSteps[2]],
                new(0.01, 404));
        }
    }

    [Fact]
    public void ARowNamedTwiceIsRefused()
    {
        var (table, gradient, rows, last) = (Operand.Random(3, 2, 1), Operand.Random(2, 2, 2), new IndexOperand(1, 1),
            new IndexOperand(0, 0, 0));
        BothRefuse(() => Work(Ours), () => Work(Reference));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Optimizers.SgdRows(side[table], side[rows], side[gradient], default, side[last],
                new SgdStep(0.1, 0));
    }
}
