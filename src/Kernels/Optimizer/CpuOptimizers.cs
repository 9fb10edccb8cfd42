using System.Buffers;
using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>Optimizer steps in one pass over weights, gradient and state, divided over the device's threads.</summary>
public sealed class CpuOptimizers<T>(CpuDevice device) : IOptimizers<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step)
    {
        if (!(velocity.IsNone && step.Momentum == 0)) Shapes.Same(nameof(Sgd), nameof(parameter), parameter, nameof(velocity), velocity);
        Update(nameof(Sgd), new SgdRule<T>(step), parameter, gradient, velocity, default);
    }

    public void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step)
    {
        Shapes.Same(nameof(Adam), nameof(parameter), parameter, nameof(firstMoment), firstMoment);
        Shapes.Same(nameof(Adam), nameof(parameter), parameter, nameof(secondMoment), secondMoment);
        ArgumentOutOfRangeException.ThrowIfLessThan(step.Number, 1);
        Update(nameof(Adam), new AdamRule<T>(step), parameter, gradient, firstMoment, secondMoment);
    }

    public void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step)
    {
        Shapes.Same(nameof(Adagrad), nameof(parameter), parameter, nameof(squareSum), squareSum);
        Update(nameof(Adagrad), new AdagradRule<T>(step), parameter, gradient, squareSum, default);
    }

    public void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage, MatrixView<T> updateAverage, AdadeltaStep step)
    {
        Shapes.Same(nameof(Adadelta), nameof(parameter), parameter, nameof(squareAverage), squareAverage);
        Shapes.Same(nameof(Adadelta), nameof(parameter), parameter, nameof(updateAverage), updateAverage);
        Update(nameof(Adadelta), new AdadeltaRule<T>(step), parameter, gradient, squareAverage, updateAverage);
    }

    public void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity, IndexView lastStep, SgdStep step)
    {
        var stateless = velocity.IsNone && step.Momentum == 0;
        if (!stateless) Shapes.Same(nameof(SgdRows), nameof(table), table, nameof(velocity), velocity);
        var rule = new SgdRule<T>(step);
        UpdateRows(nameof(SgdRows), table, rows, gradient, lastStep, step.Number, (row, idleFrom, idleTo, g) =>
        {
            var state = stateless ? default : velocity.Row(row);
            if (idleTo > idleFrom && !stateless) IdleSteps.Sgd(table.Row(row), state, idleTo - idleFrom, step);
            if (g >= 0) UpdateLoop.Run(rule, table.Row(row), gradient.Row(g), state, default);
        });
    }

    public void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, IndexView lastStep, AdamStep step)
    {
        Shapes.Same(nameof(AdamRows), nameof(table), table, nameof(firstMoment), firstMoment);
        Shapes.Same(nameof(AdamRows), nameof(table), table, nameof(secondMoment), secondMoment);
        var rule = new AdamRule<T>(step);
        UpdateRows(nameof(AdamRows), table, rows, gradient, lastStep, step.Number, (row, idleFrom, idleTo, g) =>
        {
            Span<T> first = firstMoment.Row(row), second = secondMoment.Row(row);
            if (idleTo > idleFrom) IdleSteps.Adam(table.Row(row), first, second, idleFrom, idleTo, step);
            if (g >= 0) UpdateLoop.Run(rule, table.Row(row), gradient.Row(g), first, second);
        });
    }

    void Update<TRule>(string operation, TRule rule, MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> first, MatrixView<T> second)
        where TRule : struct, IUpdateRule<T>
    {
        Shapes.Same(operation, nameof(parameter), parameter, nameof(gradient), gradient);
        var contiguous = parameter.IsContiguous && gradient.IsContiguous && (first.IsNone || first.IsContiguous) && (second.IsNone || second.IsContiguous);
        CpuLoops.OverSpans(device, parameter.Rows, parameter.Columns, contiguous, (row, column, n) => UpdateLoop.Run(rule,
            parameter.Run(row, column, n),
            gradient.Run(row, column, n),
            first.IsNone ? default : first.Run(row, column, n),
            second.IsNone ? default : second.Run(row, column, n)));
    }

    /// <summary>
    /// Calls update(row, last step it is up to date with, last idle step, row of the gradient or -1) for each named row, in parallel, and
    /// records that it is up to date.
    /// </summary>
    void UpdateRows(string operation, MatrixView<T> table, IndexView rows, MatrixView<T> gradient, IndexView lastStep, int number, Action<int, int, int, int> update)
    {
        Shapes.Present(operation, nameof(table), table);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (rows.IsNone) throw new ShapeException(operation, "rows is missing.");
        if (!gradient.IsNone) Shapes.Is(operation, nameof(gradient), gradient, rows.Count, table.Columns, $"one row for each of rows, as wide as table {table}");
        Shapes.Count(operation, nameof(lastStep), lastStep, table.Rows, $"one for each row of table {table}");
        Shapes.InRange(operation, nameof(rows), rows, 0, table.Rows, $"the rows of table {table}");
        var idleTo = gradient.IsNone ? number : number - 1;
        var idleFrom = ArrayPool<int>.Shared.Rent(rows.Count);
        Span<int> touched = rows.Span, last = lastStep.Span;
        for (var i = 0; i < touched.Length; i++)
        {
            var before = last[touched[i]];
            if (before > idleTo)
                throw new ShapeException(operation, $"rows[{i}] = {touched[i]} has already taken step {before}: step {number} must be later, and name a row once.");
            // A row never touched has no state that could move it.
            idleFrom[i] = before == 0 ? idleTo : before;
            last[touched[i]] = number;
        }
        CpuLoops.OverRows(device, rows.Count, table.Columns, (first, count) =>
        {
            var index = rows.Span;
            for (var i = first; i < first + count; i++) update(index[i], idleFrom[i], idleTo, gradient.IsNone ? -1 : i);
        });
        ArrayPool<int>.Shared.Return(idleFrom);
    }
}
