using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>What optimizer steps must satisfy on any device.</summary>
static class OptimizerChecks
{
    public static void Sgd<T>(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step) where T : unmanaged
    {
        if (!(velocity.IsNone && step.Momentum == 0)) Shapes.Same(nameof(Sgd), nameof(parameter), parameter, nameof(velocity), velocity);
        Shapes.Same(nameof(Sgd), nameof(parameter), parameter, nameof(gradient), gradient);
    }

    public static void Adam<T>(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step)
        where T : unmanaged
    {
        Shapes.Same(nameof(Adam), nameof(parameter), parameter, nameof(firstMoment), firstMoment);
        Shapes.Same(nameof(Adam), nameof(parameter), parameter, nameof(secondMoment), secondMoment);
        ArgumentOutOfRangeException.ThrowIfLessThan(step.Number, 1);
        Shapes.Same(nameof(Adam), nameof(parameter), parameter, nameof(gradient), gradient);
    }

    public static void Adagrad<T>(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum) where T : unmanaged
    {
        Shapes.Same(nameof(Adagrad), nameof(parameter), parameter, nameof(squareSum), squareSum);
        Shapes.Same(nameof(Adagrad), nameof(parameter), parameter, nameof(gradient), gradient);
    }

    public static void Adadelta<T>(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage, MatrixView<T> updateAverage)
        where T : unmanaged
    {
        Shapes.Same(nameof(Adadelta), nameof(parameter), parameter, nameof(squareAverage), squareAverage);
        Shapes.Same(nameof(Adadelta), nameof(parameter), parameter, nameof(updateAverage), updateAverage);
        Shapes.Same(nameof(Adadelta), nameof(parameter), parameter, nameof(gradient), gradient);
    }

    /// <summary>Whether there is no velocity to keep.</summary>
    public static bool SgdRows<T>(MatrixView<T> table, MatrixView<T> velocity, SgdStep step) where T : unmanaged
    {
        var stateless = velocity.IsNone && step.Momentum == 0;
        if (!stateless) Shapes.Same(nameof(SgdRows), nameof(table), table, nameof(velocity), velocity);
        return stateless;
    }

    public static void AdamRows<T>(MatrixView<T> table, MatrixView<T> firstMoment, MatrixView<T> secondMoment) where T : unmanaged
    {
        Shapes.Same(nameof(AdamRows), nameof(table), table, nameof(firstMoment), firstMoment);
        Shapes.Same(nameof(AdamRows), nameof(table), table, nameof(secondMoment), secondMoment);
    }

    /// <summary>The shapes of an update over rows.</summary>
    public static void Rows<T>(string operation, MatrixView<T> table, IndexView rows, MatrixView<T> gradient, IndexView lastStep, int number)
        where T : unmanaged
    {
        Shapes.Present(operation, nameof(table), table);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (rows.IsNone) throw new ShapeException(operation, "rows is missing.");
        if (!gradient.IsNone)
            Shapes.Is(operation, nameof(gradient), gradient, rows.Count, table.Columns, $"one row for each of rows, as wide as table {table}");
        Shapes.Count(operation, nameof(lastStep), lastStep, table.Rows, $"one for each row of table {table}");
        Shapes.InRange(operation, nameof(rows), rows, 0, table.Rows, $"the rows of table {table}");
    }

    /// <summary>The step that rows[position] has state of, before its idle steps up to idleTo are replayed: idleTo itself where there are none.</summary>
    /// <param name="before">The step the row is up to date with; 0 where it was never touched, and so has no state that could move it.</param>
    public static int IdleFrom(string operation, int position, int row, int before, int idleTo, int number)
    {
        if (before > idleTo)
            throw new ShapeException(operation, $"rows[{position}] = {row} has already taken step {before}: step {number} must be later, and name a row once.");
        return before == 0 ? idleTo : before;
    }
}
