using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// Optimizer steps on a device that runs kernels. Nothing is read back: who names rows that the host does not know
/// waits for them.
/// </summary>
sealed class GpuOptimizers<T>(GpuDevice device, KernelChoice? choice = null) : IOptimizers<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal static KernelOperation<AdamCall> AdamKernels { get; } = new("adam step",
        new(AdamAllKernels.AdamInstance<T>(),
            static (device, call) => AdamAllKernels.LaunchAdam(device, call.Lanes,
                Eight<AdamViews<T>>.Of(call.Parameters, AdamViews<T>.Of), call.Rule, call.Step),
            KernelCondition.Contiguous) { AtOnce = Eight<T>.Count },
        new(OptimizerKernels.AdamInstance<T>(),
            static (device, call) => Adam(device, call.Parameters[0], call.Rule, call.Step)));

    readonly KernelChoice choice = choice ?? KernelChoice.Default;

    /// <summary>An Adam step over some parameters.</summary>
    internal readonly ref struct AdamCall(ReadOnlySpan<AdamParameter<T>> parameters, AdamConstants<T> rule,
        ClippedStep step)
    {
        public ReadOnlySpan<AdamParameter<T>> Parameters { get; } = parameters;

        public AdamConstants<T> Rule => rule;

        public ClippedStep Step => step;

        /// <summary>Elements of all of them.</summary>
        public int Lanes
        {
            get
            {
                var lanes = 0;
                foreach (var parameter in Parameters) lanes += Elements.Of(parameter.Weight, contiguous: true).Count;
                return lanes;
            }
        }
    }

    public StepNumbers NewStepNumbers() => new(device, choice);

    public void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step)
    {
        OptimizerChecks.Sgd(device, parameter, gradient, velocity, step);
        using var clipped = Clipped(step);
        var (count, columns) = Elements.Of(parameter,
            parameter.IsContiguous && gradient.IsContiguous && (velocity.IsNone || velocity.IsContiguous));
        OptimizerKernels.LaunchSgd<T>(device, count, parameter, gradient, velocity, columns,
            T.CreateTruncating(step.Momentum), clipped.Step);
    }

    public void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment,
        MatrixView<T> secondMoment, AdamStep step)
    {
        OptimizerChecks.Adam(device, parameter, gradient, firstMoment, secondMoment, step);
        using var clipped = Clipped(step);
        Adam(device, new(parameter, gradient, firstMoment, secondMoment), AdamConstants<T>.Of(step), clipped.Step);
    }

    public void AdamAll(ReadOnlySpan<AdamParameter<T>> parameters, AdamStep step)
    {
        // All of them first: a parameter that is refused leaves none changed.
        OptimizerChecks.AdamAll(device, parameters, step);
        using var clipped = Clipped(step);
        for (var first = 0; first < parameters.Length;)
        {
            var kernel = Kernel(parameters[first]);
            var elements = parameters[first].Weight.Count;
            var next = first + 1;
            while (next < parameters.Length && next - first < kernel.AtOnce && Kernel(parameters[next]) == kernel
                && (elements += parameters[next].Weight.Count) <= int.MaxValue) next++;
            kernel.Launch(device, new(parameters[first..next], AdamConstants<T>.Of(step), clipped.Step));
            first = next;
        }
    }

    public void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step)
    {
        OptimizerChecks.Adagrad(device, parameter, gradient, squareSum, step);
        using var clipped = new HeldStep(device, step.OnDevice, step.GradientScale, step.LearningRate);
        var (count, columns) =
            Elements.Of(parameter, parameter.IsContiguous && gradient.IsContiguous && squareSum.IsContiguous);
        OptimizerKernels.LaunchAdagrad<T>(device, count, parameter, gradient, squareSum, columns,
            T.CreateTruncating(step.Epsilon), clipped.Step);
    }

    public void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage,
        MatrixView<T> updateAverage, AdadeltaStep step)
    {
        OptimizerChecks.Adadelta(device, parameter, gradient, squareAverage, updateAverage, step);
        using var clipped = new HeldStep(device, step.OnDevice, step.GradientScale, step.LearningRate);
        var (count, columns) = Elements.Of(parameter,
            parameter.IsContiguous && gradient.IsContiguous && squareAverage.IsContiguous
                && updateAverage.IsContiguous);
        OptimizerKernels.LaunchAdadelta(device, count, parameter, gradient, squareAverage, updateAverage, columns,
            AdadeltaConstants<T>.Of(step), clipped.Step);
    }

    public void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity,
        IndexView lastStep, SgdStep step)
    {
        OptimizerChecks.SgdRows(device, table, gradient, velocity, step);
        using var clipped = gradient.IsNone && step.OnDevice is null ? default : Clipped(step);
        UpdateRows(nameof(SgdRows), table, rows, gradient, lastStep, step.Number, clipped.Step, (count, idle) =>
            RowOptimizerKernels.LaunchSgd<T>(device, count, idle, table, gradient, velocity, table.Columns,
                new(step.LearningRate, step.Momentum), clipped.Step));
    }

    public void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment,
        MatrixView<T> secondMoment, IndexView lastStep, AdamStep step)
    {
        OptimizerChecks.AdamRows(device, table, gradient, firstMoment, secondMoment, step);
        using var clipped = gradient.IsNone && step.OnDevice is null ? default : Clipped(step);
        var quarterEpsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One) / 4;
        UpdateRows(nameof(AdamRows), table, rows, gradient, lastStep, step.Number, clipped.Step, (count, idle) =>
            RowOptimizerKernels.LaunchAdam(device, count, idle, new(table, gradient, firstMoment, secondMoment),
                table.Columns, new(step.LearningRate, step.Beta1, step.Beta2, quarterEpsilon),
                AdamConstants<T>.Of(step), clipped.Step));
    }

    KernelVariant<AdamCall> Kernel(AdamParameter<T> parameter) => AdamKernels.Choose(
        new(device.Capabilities, typeof(T), choice, parameter.Weight.Rows, parameter.Weight.Columns,
            0) { IsContiguous = parameter.IsContiguous });

    static void Adam(GpuDevice device, AdamParameter<T> parameter, AdamConstants<T> rule, ClippedStep step)
    {
        var (count, columns) = Elements.Of(parameter.Weight, parameter.IsContiguous);
        OptimizerKernels.LaunchAdam(device, count,
            new(parameter.Weight, parameter.Gradient, parameter.FirstMoment, parameter.SecondMoment), columns, rule,
            step);
    }

    HeldStep Clipped(SgdStep step) => new(device, step.OnDevice, step.GradientScale, step.LearningRate);

    HeldStep Clipped(AdamStep step) => new(device, step.OnDevice, step.GradientScale,
        step.LearningRate / Decay.OneMinusPower(step.Beta1, step.Number),
        1 / Math.Sqrt(Decay.OneMinusPower(step.Beta2, step.Number)));

    // update(lanes, the rows, each once)
    void UpdateRows(string operation, MatrixView<T> table, IndexView rows, MatrixView<T> gradient, IndexView lastStep,
        int number, ClippedStep clipped, Action<int, IdleRows> update)
    {
        OptimizerChecks.Rows(device, operation, table, rows, gradient, lastStep, number);
        if (rows.Count == 0) return;
        var named = rows.ToHost();
        var seen = new HashSet<int>(named.Length);
        for (var i = 0; i < named.Length; i++)
            if (!seen.Add(named[i]) && !gradient.IsNone)
                OptimizerChecks.LastStep(operation, i, named[i], number, number - 1, number);
        using var distinct = seen.Count < named.Length ? device.Allocate<int>(seen.Count) : null;
        distinct?.CopyFrom(seen.ToArray());
        var once = distinct is null ? rows.Array : distinct.View;
        if (table.Columns > 0)
            update(checked(seen.Count * table.Columns),
                new(once, lastStep.Array, gradient.IsNone ? number : number - 1));
        RowOptimizerKernels.LaunchSetSteps(device, seen.Count, once, lastStep.Array, number, clipped);
    }

    /// <summary>
    /// The clipped step that updates follow: one found on the device before, or the host's, copied there for the length
    /// of a call.
    /// </summary>
    readonly struct HeldStep : IDisposable
    {
        readonly DeviceBuffer<double>? own;

        public HeldStep(GpuDevice device, StepNumbers? onDevice, double scale, double rate, double correction = 1)
        {
            if (onDevice is not null)
            {
                Step = onDevice.Clipped;
                return;
            }
            own = device.Allocate<double>(ClippedStep.CorrectionAt + 1);
            own.CopyFrom([1, scale, rate, correction]);
            Step = new(own.View);
        }

        public ClippedStep Step { get; }

        public void Dispose() => own?.Dispose();
    }
}
