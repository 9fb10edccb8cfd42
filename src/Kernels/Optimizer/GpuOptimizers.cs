using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Optimizer steps on a device that runs kernels. The variants over rows read back the steps of the rows they name, to refuse one that is named twice.</summary>
public sealed class GpuOptimizers<T>(GpuDevice device, KernelChoice? choice = null) : IOptimizers<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step)
    {
        OptimizerChecks.Sgd(parameter, gradient, velocity, step);
        var (count, columns) = Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && (velocity.IsNone || velocity.IsContiguous));
        OptimizerKernels.LaunchSgd(device, count, parameter.Array, parameter.RowStride, gradient.Array, gradient.RowStride, velocity.Array, velocity.RowStride, columns,
            T.CreateTruncating(step.LearningRate), T.CreateTruncating(step.Momentum), T.CreateTruncating(step.GradientScale));
    }

    public void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step)
    {
        OptimizerChecks.Adam(parameter, gradient, firstMoment, secondMoment, step);
        var (count, columns) = Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && firstMoment.IsContiguous && secondMoment.IsContiguous);
        OptimizerKernels.LaunchAdam(device, count, parameter.Array, parameter.RowStride, gradient.Array, gradient.RowStride, firstMoment.Array, firstMoment.RowStride,
            secondMoment.Array, secondMoment.RowStride, columns, AdamNumbers<T>.Of(step));
    }

    public void AdamAll(ReadOnlySpan<AdamParameter<T>> parameters, AdamStep step)
    {
        // All of them first: a parameter that is refused leaves none changed.
        foreach (var parameter in parameters) OptimizerChecks.Adam(parameter.Weight, parameter.Gradient, parameter.FirstMoment, parameter.SecondMoment, step);
        var several = KernelVariants.AdamAll.IsTaken(new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, 0, 0, 0));
        var together = new List<AdamParameter<T>>();
        foreach (var parameter in parameters)
        {
            if (!several || !IsContiguous(parameter)) Adam(parameter.Weight, parameter.Gradient, parameter.FirstMoment, parameter.SecondMoment, step);
            else if (Elements.Of(parameter.Weight, contiguous: true).Count > 0) together.Add(parameter);
        }
        for (var first = 0; first < together.Count;)
        {
            var count = 0;
            var elements = 0L;
            while (first + count < together.Count && count < AdamAllKernels.ParametersALaunch && elements + together[first + count].Weight.Count <= int.MaxValue)
                elements += together[first + count++].Weight.Count;
            AdamAllKernels.LaunchAdam(device, (int)elements, Views(0), Views(1), Views(2), Views(3), Views(4), Views(5), Views(6), Views(7), AdamNumbers<T>.Of(step));
            first += count;

            AdamViews<T> Views(int i) => i < count ? ViewsOf(together[first + i]) : default;
        }
    }

    static bool IsContiguous(AdamParameter<T> parameter) =>
        parameter.Weight.IsContiguous && parameter.Gradient.IsContiguous && parameter.FirstMoment.IsContiguous && parameter.SecondMoment.IsContiguous;

    static AdamViews<T> ViewsOf(AdamParameter<T> parameter) => new(parameter.Weight.Array, parameter.Gradient.Array, parameter.FirstMoment.Array, parameter.SecondMoment.Array);

    public void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step)
    {
        OptimizerChecks.Adagrad(parameter, gradient, squareSum);
        var (count, columns) = Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && squareSum.IsContiguous);
        OptimizerKernels.LaunchAdagrad(device, count, parameter.Array, parameter.RowStride, gradient.Array, gradient.RowStride, squareSum.Array, squareSum.RowStride, columns,
            T.CreateTruncating(step.LearningRate), T.CreateTruncating(step.Epsilon), T.CreateTruncating(step.GradientScale));
    }

    public void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage, MatrixView<T> updateAverage, AdadeltaStep step)
    {
        OptimizerChecks.Adadelta(parameter, gradient, squareAverage, updateAverage);
        var (count, columns) = Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && squareAverage.IsContiguous && updateAverage.IsContiguous);
        OptimizerKernels.LaunchAdadelta(device, count, parameter.Array, parameter.RowStride, gradient.Array, gradient.RowStride, squareAverage.Array, squareAverage.RowStride,
            updateAverage.Array, updateAverage.RowStride, columns, T.CreateTruncating(step.LearningRate), T.CreateTruncating(step.Rho), T.CreateTruncating(1 - step.Rho),
            T.CreateTruncating(step.Epsilon), T.CreateTruncating(step.GradientScale));
    }

    public void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity, IndexView lastStep, SgdStep step)
    {
        OptimizerChecks.SgdRows(table, velocity, step);
        UpdateRows(nameof(SgdRows), table, rows, gradient, lastStep, step.Number, (count, idleFrom, idleTo) =>
            RowOptimizerKernels.LaunchSgd(device, count, rows.Array, idleFrom, idleTo, table.Array, table.RowStride, gradient.Array, gradient.RowStride,
                velocity.Array, velocity.RowStride, table.Columns, step.LearningRate, step.Momentum, T.CreateTruncating(step.GradientScale)));
    }

    public void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, IndexView lastStep, AdamStep step)
    {
        OptimizerChecks.AdamRows(table, firstMoment, secondMoment);
        var quarterEpsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One) / 4;
        UpdateRows(nameof(AdamRows), table, rows, gradient, lastStep, step.Number, (count, idleFrom, idleTo) =>
            RowOptimizerKernels.LaunchAdam(device, count, rows.Array, idleFrom, idleTo, table.Array, table.RowStride, gradient.Array, gradient.RowStride,
                firstMoment.Array, firstMoment.RowStride, secondMoment.Array, secondMoment.RowStride, table.Columns, step.LearningRate, step.Beta1, step.Beta2, quarterEpsilon,
                AdamNumbers<T>.Of(step)));
    }

    // update(lanes, the step each named row is up to date with, the last idle step)
    void UpdateRows(string operation, MatrixView<T> table, IndexView rows, MatrixView<T> gradient, IndexView lastStep, int number, Action<int, ArrayView<int>, int> update)
    {
        OptimizerChecks.Rows(operation, table, rows, gradient, lastStep, number);
        if (rows.Count == 0) return;
        var idleTo = gradient.IsNone ? number : number - 1;
        using var steps = device.Allocate<int>(rows.Count);
        RowOptimizerKernels.LaunchGatherSteps(device, rows.Count, lastStep.Array, rows.Array, steps);
        var idleFrom = new int[rows.Count];
        steps.CopyTo(idleFrom);
        var named = rows.ToHost();
        var seen = new HashSet<int>();
        for (var i = 0; i < idleFrom.Length; i++)
            idleFrom[i] = OptimizerChecks.IdleFrom(operation, i, named[i], seen.Add(named[i]) ? idleFrom[i] : number, idleTo, number);
        steps.CopyFrom(idleFrom);
        if (table.Columns > 0) update(checked(rows.Count * table.Columns), steps, idleTo);
        RowOptimizerKernels.LaunchSetSteps(device, rows.Count, rows.Array, lastStep.Array, number);
    }
}
