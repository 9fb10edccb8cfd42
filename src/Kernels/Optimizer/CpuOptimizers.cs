using System.Buffers;
using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>Optimizer steps in one pass over weights, gradient and state, divided over the device's threads.</summary>
sealed class CpuOptimizers<T>(CpuDevice device) : IOptimizers<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public StepNumbers? NewStepNumbers() => null;

    public void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step)
    {
        OptimizerChecks.Sgd(device, parameter, gradient, velocity, step);
        Update(new SgdRule<T>(step), parameter, gradient, velocity, default);
    }

    public void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment,
        MatrixView<T> secondMoment, AdamStep step)
    {
        OptimizerChecks.Adam(device, parameter, gradient, firstMoment, secondMoment, step);
        Update(new AdamRule<T>(step), parameter, gradient, firstMoment, secondMoment);
    }

    public void AdamAll(ReadOnlySpan<AdamParameter<T>> parameters, AdamStep step)
    {
        OptimizerChecks.AdamAll(device, parameters, step);
        var rule = new AdamRule<T>(step);
        foreach (var parameter in parameters)
            Update(rule, parameter.Weight, parameter.Gradient, parameter.FirstMoment, parameter.SecondMoment);
    }

    public void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step)
    {
        OptimizerChecks.Adagrad(device, parameter, gradient, squareSum, step);
        Update(new AdagradRule<T>(step), parameter, gradient, squareSum, default);
    }

    public void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage,
        MatrixView<T> updateAverage, AdadeltaStep step)
    {
        OptimizerChecks.Adadelta(device, parameter, gradient, squareAverage, updateAverage, step);
        Update(new AdadeltaRule<T>(step), parameter, gradient, squareAverage, updateAverage);
    }

    public void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity,
        IndexView lastStep, SgdStep step)
    {
        var stateless = OptimizerChecks.SgdRows(device, table, gradient, velocity, step);
        var rule = new SgdRule<T>(step);
        UpdateRows(nameof(SgdRows), table, rows, gradient, lastStep, step.Number, (row, idleFrom, idleTo, g) =>
        {
            var state = stateless ? default : velocity.Row(row);
            if (idleTo > idleFrom && !stateless) LazyUpdates.Sgd(table.Row(row), state, idleTo - idleFrom, step);
            if (g >= 0) UpdateLoop.Run(rule, table.Row(row), gradient.Row(g), state, default);
        });
    }

    public void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment,
        MatrixView<T> secondMoment, IndexView lastStep, AdamStep step)
    {
        OptimizerChecks.AdamRows(device, table, gradient, firstMoment, secondMoment, step);
        var rule = new AdamRule<T>(step);
        UpdateRows(nameof(AdamRows), table, rows, gradient, lastStep, step.Number, (row, idleFrom, idleTo, g) =>
        {
            Span<T> first = firstMoment.Row(row), second = secondMoment.Row(row);
            if (idleTo > idleFrom) LazyUpdates.Adam(table.Row(row), first, second, idleFrom, idleTo, step);
            if (g >= 0) UpdateLoop.Run(rule, table.Row(row), gradient.Row(g), first, second);
        });
    }

    void Update<TRule>(TRule rule, MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> first,
        MatrixView<T> second)
        where TRule : struct, IUpdateRule<T>
    {
        var contiguous = parameter.IsContiguous && gradient.IsContiguous && (first.IsNone || first.IsContiguous)
            && (second.IsNone || second.IsContiguous);
        CpuLoops.OverSpans(device, parameter.Rows, parameter.Columns, contiguous,
            (row, column, n) => UpdateLoop.Run(rule,
                parameter.Run(row, column, n),
                gradient.Run(row, column, n),
                first.IsNone ? default : first.Run(row, column, n),
                second.IsNone ? default : second.Run(row, column, n)));
    }

    /// <summary>
    /// Calls update(row, last step it is up to date with, last idle step, row of the gradient or -1) for each named
    /// row, in parallel, and records that it is up to date.
    /// </summary>
    void UpdateRows(string operation, MatrixView<T> table, IndexView rows, MatrixView<T> gradient, IndexView lastStep,
        int number, Action<int, int, int, int> update)
    {
        OptimizerChecks.Rows(device, operation, table, rows, gradient, lastStep, number);
        var idleTo = gradient.IsNone ? number : number - 1;
        var before = ArrayPool<int>.Shared.Rent(rows.Count);
        TakeStep(operation, rows.Span, lastStep.Span, before, idleTo, number);
        CpuLoops.OverRows(device, rows.Count, table.Columns, (first, count) =>
        {
            var index = rows.Span;
            // A row never touched has no state that could move it.
            for (var i = first; i < first + count; i++)
                update(index[i], before[i] == 0 ? idleTo : before[i], idleTo, gradient.IsNone ? -1 : i);
        });
        ArrayPool<int>.Shared.Return(before);
    }

    // Marks the rows as up to date with the step, and keeps what they were before; none is marked where one is refused.
    static void TakeStep(string operation, ReadOnlySpan<int> rows, Span<int> lastStep, int[] before, int idleTo,
        int number)
    {
        var marked = 0;
        try
        {
            for (; marked < rows.Length; marked++)
            {
                before[marked] = lastStep[rows[marked]];
                OptimizerChecks.LastStep(operation, marked, rows[marked], before[marked], idleTo, number);
                lastStep[rows[marked]] = number;
            }
        }
        catch (ShapeException)
        {
            while (marked-- > 0) lastStep[rows[marked]] = before[marked];
            throw;
        }
    }
}
