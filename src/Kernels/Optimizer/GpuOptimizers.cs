using System.Numerics;
using System.Runtime.InteropServices;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels;

/// <summary>Optimizer steps on a device that runs kernels. Nothing is read back: who names rows that the host does not know waits for them.</summary>
public sealed class GpuOptimizers<T>(GpuDevice device, KernelChoice? choice = null) : IOptimizers<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly GpuDecision<T> decision = new(device, choice);

    public StepNumbers NewStepNumbers() => new(device);

    public void Decide(StepNumbers numbers, ReadOnlySpan<MatrixView<T>> gradients, MatrixView<T> loss = default, double beta1 = 0, double beta2 = 0) =>
        decision.Decide(numbers, gradients, loss, beta1, beta2);

    public void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step)
    {
        OptimizerChecks.Sgd(parameter, gradient, velocity, step);
        using var decided = Decided(step);
        var (count, columns) = Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && (velocity.IsNone || velocity.IsContiguous));
        OptimizerKernels.LaunchSgd<T>(device, count, parameter, gradient, velocity, columns, T.CreateTruncating(step.Momentum), decided.Step);
    }

    public void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step)
    {
        OptimizerChecks.Adam(parameter, gradient, firstMoment, secondMoment, step);
        using var decided = Decided(step);
        Adam(new(parameter, gradient, firstMoment, secondMoment), step, decided.Step);
    }

    public void AdamAll(ReadOnlySpan<AdamParameter<T>> parameters, AdamStep step)
    {
        // All of them first: a parameter that is refused leaves none changed.
        foreach (var parameter in parameters) OptimizerChecks.Adam(parameter.Weight, parameter.Gradient, parameter.FirstMoment, parameter.SecondMoment, step);
        using var decided = Decided(step);
        var several = KernelVariants.AdamAll.IsTaken(new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, 0, 0, 0));
        var together = new List<AdamParameter<T>>();
        foreach (var parameter in parameters)
        {
            if (!several || !parameter.IsContiguous) Adam(parameter, step, decided.Step);
            else if (Elements.Of(parameter.Weight, contiguous: true).Count > 0) together.Add(parameter);
        }
        for (var first = 0; first < together.Count;)
        {
            var count = 0;
            var elements = 0L;
            while (first + count < together.Count && count < Eight<AdamViews<T>>.Count && elements + together[first + count].Weight.Count <= int.MaxValue)
                elements += together[first + count++].Weight.Count;
            var taken = CollectionsMarshal.AsSpan(together).Slice(first, count);
            AdamAllKernels.LaunchAdam(device, (int)elements, Eight<AdamViews<T>>.Of<AdamParameter<T>>(taken, AdamViews<T>.Of),
                AdamConstants<T>.Of(step), decided.Step);
            first += count;
        }
    }

    public void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step)
    {
        OptimizerChecks.Adagrad(parameter, gradient, squareSum);
        using var decided = new HeldDecision(device, step.OnDevice, step.GradientScale, step.LearningRate);
        var (count, columns) = Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && squareSum.IsContiguous);
        OptimizerKernels.LaunchAdagrad<T>(device, count, parameter, gradient, squareSum, columns, T.CreateTruncating(step.Epsilon), decided.Step);
    }

    public void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage, MatrixView<T> updateAverage, AdadeltaStep step)
    {
        OptimizerChecks.Adadelta(parameter, gradient, squareAverage, updateAverage);
        using var decided = new HeldDecision(device, step.OnDevice, step.GradientScale, step.LearningRate);
        var (count, columns) = Elements.Of(parameter,
            parameter.IsContiguous && gradient.IsContiguous && squareAverage.IsContiguous && updateAverage.IsContiguous);
        OptimizerKernels.LaunchAdadelta(device, count, parameter, gradient, squareAverage, updateAverage, columns,
            AdadeltaConstants<T>.Of(step), decided.Step);
    }

    public void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity, IndexView lastStep, SgdStep step)
    {
        OptimizerChecks.SgdRows(table, velocity, step);
        using var decided = gradient.IsNone && step.OnDevice is null ? default : Decided(step);
        UpdateRows(nameof(SgdRows), table, rows, gradient, lastStep, step.Number, decided.Step, (count, idle) =>
            RowOptimizerKernels.LaunchSgd<T>(device, count, idle, table, gradient, velocity, table.Columns, new(step.LearningRate, step.Momentum), decided.Step));
    }

    public void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment,
        IndexView lastStep, AdamStep step)
    {
        OptimizerChecks.AdamRows(table, firstMoment, secondMoment);
        using var decided = gradient.IsNone && step.OnDevice is null ? default : Decided(step);
        var quarterEpsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One) / 4;
        UpdateRows(nameof(AdamRows), table, rows, gradient, lastStep, step.Number, decided.Step, (count, idle) =>
            RowOptimizerKernels.LaunchAdam(device, count, idle, new(table, gradient, firstMoment, secondMoment), table.Columns,
                new(step.LearningRate, step.Beta1, step.Beta2, quarterEpsilon), AdamConstants<T>.Of(step), decided.Step));
    }

    void Adam(AdamParameter<T> of, AdamStep step, DecidedStep decided)
    {
        var (count, columns) = Elements.Of(of.Weight, of.IsContiguous);
        OptimizerKernels.LaunchAdam(device, count, new(of.Weight, of.Gradient, of.FirstMoment, of.SecondMoment), columns, AdamConstants<T>.Of(step), decided);
    }

    HeldDecision Decided(SgdStep step) => new(device, step.OnDevice, step.GradientScale, step.LearningRate);

    HeldDecision Decided(AdamStep step) => new(device, step.OnDevice, step.GradientScale,
        step.LearningRate / Decay.OneMinusPower(step.Beta1, step.Number), 1 / Math.Sqrt(Decay.OneMinusPower(step.Beta2, step.Number)));

    // update(lanes, the rows, each once)
    void UpdateRows(string operation, MatrixView<T> table, IndexView rows, MatrixView<T> gradient, IndexView lastStep, int number,
        DecidedStep decided, Action<int, IdleRows> update)
    {
        OptimizerChecks.Rows(operation, table, rows, gradient, lastStep, number);
        if (rows.Count == 0) return;
        var named = rows.ToHost();
        var seen = new HashSet<int>(named.Length);
        for (var i = 0; i < named.Length; i++)
            if (!seen.Add(named[i]) && !gradient.IsNone)
                OptimizerChecks.IdleFrom(operation, i, named[i], number, number - 1, number);
        using var distinct = seen.Count < named.Length ? device.Allocate<int>(seen.Count) : null;
        distinct?.CopyFrom(seen.ToArray());
        var once = distinct is null ? rows.Array : distinct.View;
        if (table.Columns > 0) update(checked(seen.Count * table.Columns), new(once, lastStep.Array, gradient.IsNone ? number : number - 1));
        RowOptimizerKernels.LaunchSetSteps(device, seen.Count, once, lastStep.Array, number, decided);
    }

    /// <summary>The decision that a step follows: one made on the device before, or the host's, copied there for the length of a call.</summary>
    readonly struct HeldDecision : IDisposable
    {
        readonly DeviceBuffer<double>? own;

        public HeldDecision(GpuDevice device, StepNumbers? onDevice, double scale, double rate, double correction = 1)
        {
            if (onDevice is not null)
            {
                Step = onDevice.Decision;
                return;
            }
            own = device.Allocate<double>(DecidedStep.CorrectionAt + 1);
            own.CopyFrom([1, scale, rate, correction]);
            Step = new(own.View);
        }

        public DecidedStep Step { get; }

        public void Dispose() => own?.Dispose();
    }
}
