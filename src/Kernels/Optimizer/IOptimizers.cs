using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// Update rules over one parameter and its state, PyTorch's formulations. The gradient is multiplied by gradientScale
/// on the way (clipping costs no pass).
/// </summary>
/// <exception cref="Devices.ShapeException">
/// Of every rule: shapes differ, an operand is missing or on another device, or an output shares
/// elements with another operand (<see cref="DeviceBackend{T}"/>).
/// </exception>
/// <exception cref="ObjectDisposedException">
/// Of every operation: the memory of an operand went back to its device.
/// </exception>
public interface IOptimizers<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Memory for steps that the device decides and the host reads of later; null where the host reads gradients as
    /// fast as any, and decides itself.
    /// </summary>
    StepNumbers? NewStepNumbers();

    /// <summary>v = momentum · v + g; w -= learningRate · v. velocity may be none when momentum is 0.</summary>
    /// <param name="parameter">w [rows x columns], changed in place.</param>
    /// <param name="gradient">g, of its shape.</param>
    /// <param name="velocity">v, of its shape, changed in place; 0 before the first step.</param>
    /// <param name="step">Learning rate, momentum, and what the gradient is multiplied by.</param>
    void Sgd(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> velocity, SgdStep step);

    /// <summary>Kingma and Ba 2015, with bias correction at step number step.Number (from 1).</summary>
    /// <param name="parameter">w [rows x columns], changed in place.</param>
    /// <param name="gradient">g, of its shape.</param>
    /// <param name="firstMoment">
    /// m, the mean of gradients, of its shape, changed in place; 0 before the first step.
    /// </param>
    /// <param name="secondMoment">v, the mean of squared gradients, likewise.</param>
    /// <param name="step">Its number, learning rate, β1, β2 and ε.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The step's number is less than 1, or a β is not 0 to 1, below 1.
    /// </exception>
    void Adam(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> firstMoment, MatrixView<T> secondMoment,
        AdamStep step);

    /// <summary><see cref="Adam"/> of every parameter: the same bits, in fewer launches.</summary>
    /// <param name="parameters">All of one step; none do nothing.</param>
    /// <param name="step">The same for all of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The step's number is less than 1, or a β is not 0 to 1, below 1.
    /// </exception>
    void AdamAll(ReadOnlySpan<AdamParameter<T>> parameters, AdamStep step);

    /// <summary>Duchi et al. 2011.</summary>
    /// <param name="parameter">w [rows x columns], changed in place.</param>
    /// <param name="gradient">g, of its shape.</param>
    /// <param name="squareSum">
    /// The sum of squared gradients, of its shape, changed in place; 0 before the first step.
    /// </param>
    /// <param name="step">Learning rate and ε.</param>
    void Adagrad(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareSum, AdagradStep step);

    /// <summary>Zeiler 2012.</summary>
    /// <param name="parameter">w [rows x columns], changed in place.</param>
    /// <param name="gradient">g, of its shape.</param>
    /// <param name="squareAverage">
    /// The average of squared gradients, of its shape, changed in place; 0 before the first step.
    /// </param>
    /// <param name="updateAverage">The average of squared updates, likewise.</param>
    /// <param name="step">Learning rate, ρ and ε.</param>
    void Adadelta(MatrixView<T> parameter, MatrixView<T> gradient, MatrixView<T> squareAverage,
        MatrixView<T> updateAverage, AdadeltaStep step);

    /// <summary>
    /// SGD over the rows of a table that a step touched: rows[i] (distinct) first catch up on the idle steps since
    /// lastStep[rows[i]], replayed exactly (v decays, w moves), then take gradient[i]. Equal to dense SGD to rounding.
    /// velocity may be none when momentum is 0.
    /// </summary>
    /// <param name="table">[rows of the table x columns], changed in place.</param>
    /// <param name="rows">[n], each a row of the table.</param>
    /// <param name="gradient">[n x columns], or none: only catch up.</param>
    /// <param name="velocity">Of the table's shape, changed in place.</param>
    /// <param name="lastStep">[rows of the table], changed in place: the step that each row is up to date with.</param>
    /// <param name="step">Its number is the table's: it counts the steps that touch no row too.</param>
    /// <remarks>
    /// lastStep [table rows] is the step each row is up to date with; 0 means never touched, with state 0. It becomes
    /// step.Number. gradient none: only catch up, step.Number being idle too; so rows about to be read at step t are
    /// brought to t - 1, and take their gradient at t. Idle steps are replayed at step.LearningRate: before the rate
    /// changes, catch up on every row of the table.
    /// </remarks>
    /// <exception cref="Devices.ShapeException">
    /// Shapes that do not fit, a row outside the table, one named twice with a gradient; on the CPU, which has lastStep
    /// at hand, also one that has already taken this step.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The step's number is less than 1.</exception>
    void SgdRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> velocity,
        IndexView lastStep, SgdStep step);

    /// <summary>
    /// Adam over touched rows, idle steps replayed exactly with each idle step's own bias correction. As
    /// <see cref="SgdRows"/>.
    /// </summary>
    /// <param name="table">[rows of the table x columns], changed in place.</param>
    /// <param name="rows">[n], each a row of the table.</param>
    /// <param name="gradient">[n x columns], or none: only catch up.</param>
    /// <param name="firstMoment">Of the table's shape, changed in place.</param>
    /// <param name="secondMoment">Likewise.</param>
    /// <param name="lastStep">[rows of the table], changed in place: the step that each row is up to date with.</param>
    /// <param name="step">Its number is the table's: it counts the steps that touch no row too.</param>
    /// <exception cref="Devices.ShapeException">As <see cref="SgdRows"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The step's number is less than 1, or a β is not 0 to 1, below 1.
    /// </exception>
    void AdamRows(MatrixView<T> table, IndexView rows, MatrixView<T> gradient, MatrixView<T> firstMoment,
        MatrixView<T> secondMoment, IndexView lastStep, AdamStep step);
}

/// <summary>A parameter with what an Adam step needs of it.</summary>
/// <param name="Weight">Changed in place.</param>
/// <param name="Gradient">Of the loss; of the weight's shape, like the moments.</param>
/// <param name="FirstMoment">m, the mean of gradients; 0 before the first step.</param>
/// <param name="SecondMoment">v, the mean of squared gradients; 0 before the first step.</param>
public readonly record struct AdamParameter<T>(MatrixView<T> Weight, MatrixView<T> Gradient, MatrixView<T> FirstMoment,
    MatrixView<T> SecondMoment)
    where T : unmanaged
{
    internal bool IsContiguous => Weight.IsContiguous && Gradient.IsContiguous && FirstMoment.IsContiguous
        && SecondMoment.IsContiguous;
}

/// <summary>Settings of one SGD step; Number counts from 1, and the rows variants replay idle steps up to it.</summary>
/// <param name="LearningRate">What the velocity is multiplied by.</param>
/// <param name="Momentum">0 for plain SGD.</param>
/// <param name="GradientScale">What the gradient is multiplied by: the factor that clips.</param>
/// <param name="Number">From 1.</param>
public readonly record struct SgdStep(double LearningRate, double Momentum, double GradientScale = 1, int Number = 1)
{
    /// <summary>
    /// Where given, what the gradient is multiplied by, its rate and whether it applies are read there.
    /// </summary>
    public StepNumbers? OnDevice { get; init; }
}

/// <summary>Settings of one Adam step (Kingma and Ba 2015).</summary>
/// <param name="LearningRate">α.</param>
/// <param name="Number">t, from 1: the bias correction goes by it.</param>
/// <param name="GradientScale">What the gradient is multiplied by: the factor that clips.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
public readonly record struct AdamStep(double LearningRate, int Number, double GradientScale = 1,
    double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    /// <inheritdoc cref="SgdStep.OnDevice"/>
    public StepNumbers? OnDevice { get; init; }
}

/// <summary>Settings of one Adagrad step (Duchi et al. 2011).</summary>
/// <param name="LearningRate">Divided by the root of the sum of squares.</param>
/// <param name="GradientScale">What the gradient is multiplied by: the factor that clips.</param>
/// <param name="Epsilon">Added to that root.</param>
public readonly record struct AdagradStep(double LearningRate, double GradientScale = 1, double Epsilon = 1e-10)
{
    /// <inheritdoc cref="SgdStep.OnDevice"/>
    public StepNumbers? OnDevice { get; init; }
}

/// <summary>Settings of one Adadelta step (Zeiler 2012).</summary>
/// <param name="LearningRate">What the update is multiplied by; 1 in the paper.</param>
/// <param name="GradientScale">What the gradient is multiplied by: the factor that clips.</param>
/// <param name="Rho">ρ, the decay of both averages.</param>
/// <param name="Epsilon">ε, inside both roots.</param>
public readonly record struct AdadeltaStep(double LearningRate, double GradientScale = 1, double Rho = 0.9,
    double Epsilon = 1e-6)
{
    /// <inheritdoc cref="SgdStep.OnDevice"/>
    public StepNumbers? OnDevice { get; init; }
}
