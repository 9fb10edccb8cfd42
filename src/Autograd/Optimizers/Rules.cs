using System.Numerics;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>Stochastic gradient descent with momentum: v = momentum · v + g; w -= learning rate · v.</summary>
/// <param name="parameters">By name; those that require no gradient are left out.</param>
/// <param name="learningRate">What the velocity is multiplied by, 0 or more.</param>
/// <param name="momentum">0 for plain SGD; below 1.</param>
/// <param name="shards">Processes that keep its state together, each a part; null where this one keeps it all.</param>
public sealed class Sgd<T>(IEnumerable<(string Name, Parameter<T> Parameter)> parameters, double learningRate,
    double momentum = 0, IStateShards? shards = null)
    : Optimizer<T>(parameters, learningRate, ["velocity"], shards, Hyperparameter.Decay(nameof(momentum), momentum)),
        IRowRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override void Update(OptimizerSlot<T> slot, MatrixView<T> gradient, double gradientScale) =>
        slot.Parameter.Backend.Optimizers.Sgd(slot.Own, gradient, slot.State[0].View,
            new SgdStep(LearningRate, momentum, gradientScale, StepsTaken) { OnDevice = OnDevice });

    void IRowRule<T>.UpdateRows(DeviceBackend<T> backend, MatrixView<T> table, Parameter<T>[] state, IndexView rows,
        MatrixView<T> gradient, IndexView lastStep, double gradientScale, int step) =>
        backend.Optimizers.SgdRows(table, rows, gradient, state[0].View, lastStep,
            new SgdStep(LearningRate, momentum, gradientScale, step) { OnDevice = OnDevice });
}

/// <summary>Adam (Kingma and Ba 2015).</summary>
/// <param name="parameters">By name; those that require no gradient are left out.</param>
/// <param name="learningRate">α, 0 or more.</param>
/// <param name="beta1">Decay of the mean of gradients, 0 or more and below 1.</param>
/// <param name="beta2">Decay of the mean of squared gradients, 0 or more and below 1.</param>
/// <param name="epsilon">Added to the root of the second, 0 or more.</param>
/// <param name="shards">Processes that keep its state together, each a part; null where this one keeps it all.</param>
public sealed class Adam<T>(IEnumerable<(string Name, Parameter<T> Parameter)> parameters,
    double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
    IStateShards? shards = null)
    : Optimizer<T>(parameters, learningRate, ["first_moment", "second_moment"], shards,
        Hyperparameter.Decay(nameof(beta1), beta1), Hyperparameter.Decay(nameof(beta2), beta2),
        Hyperparameter.AtLeastZero(nameof(epsilon), epsilon)), IRowRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected override (double Beta1, double Beta2) Decays => (beta1, beta2);

    internal override void Update(OptimizerSlot<T> slot, MatrixView<T> gradient, double gradientScale) =>
        slot.Parameter.Backend.Optimizers.Adam(slot.Own, gradient, slot.State[0].View, slot.State[1].View,
            Step(gradientScale, StepsTaken));

    internal override void UpdateAll(IReadOnlyList<(OptimizerSlot<T> Slot, MatrixView<T> Gradient)> updates,
        double gradientScale)
    {
        if (updates.Count == 0) return;
        var parameters = updates
            .Select(update => new AdamParameter<T>(update.Slot.Own, update.Gradient,
                update.Slot.State[0].View, update.Slot.State[1].View))
            .ToArray();
        updates[0].Slot.Parameter.Backend.Optimizers.AdamAll(parameters, Step(gradientScale, StepsTaken));
    }

    void IRowRule<T>.UpdateRows(DeviceBackend<T> backend, MatrixView<T> table, Parameter<T>[] state, IndexView rows,
        MatrixView<T> gradient, IndexView lastStep, double gradientScale, int step) =>
        backend.Optimizers.AdamRows(table, rows, gradient, state[0].View, state[1].View, lastStep,
            Step(gradientScale, step));

    AdamStep Step(double gradientScale, int number) =>
        new(LearningRate, number, gradientScale, beta1, beta2, epsilon) { OnDevice = OnDevice };
}

/// <summary>Adagrad (Duchi et al. 2011).</summary>
/// <param name="parameters">By name; those that require no gradient are left out.</param>
/// <param name="learningRate">Divided by the root of the sum of squares.</param>
/// <param name="epsilon">Added to that root, 0 or more.</param>
/// <param name="shards">Processes that keep its state together, each a part; null where this one keeps it all.</param>
public sealed class Adagrad<T>(IEnumerable<(string Name, Parameter<T> Parameter)> parameters,
    double learningRate = 1e-2, double epsilon = 1e-10, IStateShards? shards = null)
    : Optimizer<T>(parameters, learningRate, ["square_sum"], shards,
        Hyperparameter.AtLeastZero(nameof(epsilon), epsilon)) where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override void Update(OptimizerSlot<T> slot, MatrixView<T> gradient, double gradientScale) =>
        slot.Parameter.Backend.Optimizers.Adagrad(slot.Own, gradient, slot.State[0].View,
            new AdagradStep(LearningRate, gradientScale, epsilon) { OnDevice = OnDevice });
}

/// <summary>Adadelta (Zeiler 2012).</summary>
/// <param name="parameters">By name; those that require no gradient are left out.</param>
/// <param name="learningRate">What the update is multiplied by; 1 in the paper.</param>
/// <param name="rho">Decay of both averages, 0 or more and below 1.</param>
/// <param name="epsilon">Inside both roots, 0 or more.</param>
/// <param name="shards">Processes that keep its state together, each a part; null where this one keeps it all.</param>
public sealed class Adadelta<T>(IEnumerable<(string Name, Parameter<T> Parameter)> parameters, double learningRate = 1,
    double rho = 0.9, double epsilon = 1e-6, IStateShards? shards = null)
    : Optimizer<T>(parameters, learningRate, ["square_average", "update_average"], shards,
        Hyperparameter.Decay(nameof(rho), rho), Hyperparameter.AtLeastZero(nameof(epsilon), epsilon))
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override void Update(OptimizerSlot<T> slot, MatrixView<T> gradient, double gradientScale) =>
        slot.Parameter.Backend.Optimizers.Adadelta(slot.Own, gradient, slot.State[0].View,
            slot.State[1].View,
            new AdadeltaStep(LearningRate, gradientScale, rho, epsilon) { OnDevice = OnDevice });
}
