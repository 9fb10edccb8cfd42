using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>What optimizer steps must satisfy on any device.</summary>
static class OptimizerChecks
{
    public static void Sgd<T>(ComputeDevice device, MatrixView<T> parameter, MatrixView<T> gradient,
        MatrixView<T> velocity, SgdStep step)
        where T : unmanaged
    {
        Numbers(step);
        if (!(velocity.IsNone && step.Momentum == 0))
            Shapes.Same(device, nameof(Sgd), nameof(parameter), parameter, nameof(velocity), velocity);
        Shapes.Same(device, nameof(Sgd), nameof(parameter), parameter, nameof(gradient), gradient);
        Apart(nameof(Sgd), nameof(parameter), parameter, gradient, nameof(velocity), velocity);
    }

    public static void Adam<T>(ComputeDevice device, MatrixView<T> parameter, MatrixView<T> gradient,
        MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step) where T : unmanaged
    {
        Decays(step);
        Shapes.Same(device, nameof(Adam), nameof(parameter), parameter, nameof(firstMoment), firstMoment);
        Shapes.Same(device, nameof(Adam), nameof(parameter), parameter, nameof(secondMoment), secondMoment);
        ArgumentOutOfRangeException.ThrowIfLessThan(step.Number, 1);
        Shapes.Same(device, nameof(Adam), nameof(parameter), parameter, nameof(gradient), gradient);
        Apart(nameof(Adam), nameof(parameter), parameter, gradient, nameof(firstMoment), firstMoment,
            nameof(secondMoment), secondMoment);
    }

    public static void AdamAll<T>(ComputeDevice device, ReadOnlySpan<AdamParameter<T>> parameters, AdamStep step)
        where T : unmanaged
    {
        foreach (var parameter in parameters)
            Adam(device, parameter.Weight, parameter.Gradient, parameter.FirstMoment, parameter.SecondMoment, step);
        if (!ShareBuffers(parameters)) return;
        for (var i = 1; i < parameters.Length; i++)
            for (var j = 0; j < i; j++)
            {
                Apart(parameters[i], parameters[j]);
                Apart(parameters[j], parameters[i]);
            }
    }

    // As a rule each operand has a buffer of its own, and not every two need be compared.
    static bool ShareBuffers<T>(ReadOnlySpan<AdamParameter<T>> parameters) where T : unmanaged
    {
        var met = new HashSet<object>(4 * parameters.Length, ReferenceEqualityComparer.Instance);
        foreach (var parameter in parameters)
            if (!IsNew(parameter.Weight) || !IsNew(parameter.Gradient) || !IsNew(parameter.FirstMoment)
                || !IsNew(parameter.SecondMoment)) return true;
        return false;

        bool IsNew(MatrixView<T> operand) => operand.Buffer is null || met.Add(operand.Buffer);
    }

    // What a step changes of one parameter is no operand of another one.
    static void Apart<T>(in AdamParameter<T> changed, in AdamParameter<T> other) where T : unmanaged
    {
        Apart("weight", changed.Weight, other);
        Apart("first moment", changed.FirstMoment, other);
        Apart("second moment", changed.SecondMoment, other);
    }

    static void Apart<T>(string name, in MatrixView<T> output, in AdamParameter<T> other) where T : unmanaged
    {
        Overlap.Refuse(nameof(AdamAll), name, output, "another parameter's weight", other.Weight);
        Overlap.Refuse(nameof(AdamAll), name, output, "another parameter's gradient", other.Gradient);
        Overlap.Refuse(nameof(AdamAll), name, output, "another parameter's first moment", other.FirstMoment);
        Overlap.Refuse(nameof(AdamAll), name, output, "another parameter's second moment", other.SecondMoment);
    }

    // A parameter and its state, all of them changed, and the gradient.
    static void Apart<T>(string operation, string name, in MatrixView<T> parameter, in MatrixView<T> gradient,
        string firstName, in MatrixView<T> first, string secondName = "", in MatrixView<T> second = default)
        where T : unmanaged
    {
        Overlap.Refuse(operation, name, parameter, nameof(gradient), gradient);
        Overlap.Refuse(operation, firstName, first, nameof(gradient), gradient);
        Overlap.Refuse(operation, firstName, first, name, parameter);
        Overlap.Refuse(operation, secondName, second, nameof(gradient), gradient);
        Overlap.Refuse(operation, secondName, second, name, parameter);
        Overlap.Refuse(operation, secondName, second, firstName, first);
    }

    public static void Adagrad<T>(ComputeDevice device, MatrixView<T> parameter, MatrixView<T> gradient,
        MatrixView<T> squareSum, AdagradStep step) where T : unmanaged
    {
        Factors(step.OnDevice, step.LearningRate, step.GradientScale);
        NotNegative(step.Epsilon, "ε");
        Shapes.Same(device, nameof(Adagrad), nameof(parameter), parameter, nameof(squareSum), squareSum);
        Shapes.Same(device, nameof(Adagrad), nameof(parameter), parameter, nameof(gradient), gradient);
        Apart(nameof(Adagrad), nameof(parameter), parameter, gradient, nameof(squareSum), squareSum);
    }

    public static void Adadelta<T>(ComputeDevice device, MatrixView<T> parameter, MatrixView<T> gradient,
        MatrixView<T> squareAverage, MatrixView<T> updateAverage, AdadeltaStep step) where T : unmanaged
    {
        Factors(step.OnDevice, step.LearningRate, step.GradientScale);
        NotNegative(step.Epsilon, "ε");
        if (!(step.Rho >= 0 && step.Rho <= 1))
            throw new ArgumentOutOfRangeException(nameof(step), step.Rho, "Adadelta's ρ lies in 0 to 1.");
        Shapes.Same(device, nameof(Adadelta), nameof(parameter), parameter, nameof(squareAverage), squareAverage);
        Shapes.Same(device, nameof(Adadelta), nameof(parameter), parameter, nameof(updateAverage), updateAverage);
        Shapes.Same(device, nameof(Adadelta), nameof(parameter), parameter, nameof(gradient), gradient);
        Apart(nameof(Adadelta), nameof(parameter), parameter, gradient, nameof(squareAverage), squareAverage,
            nameof(updateAverage), updateAverage);
    }

    /// <summary>Whether there is no velocity to keep.</summary>
    public static bool SgdRows<T>(ComputeDevice device, MatrixView<T> table, MatrixView<T> gradient,
        MatrixView<T> velocity, SgdStep step)
        where T : unmanaged
    {
        Numbers(step);
        var stateless = velocity.IsNone && step.Momentum == 0;
        if (!stateless) Shapes.Same(device, nameof(SgdRows), nameof(table), table, nameof(velocity), velocity);
        Apart(nameof(SgdRows), nameof(table), table, gradient, nameof(velocity), velocity);
        return stateless;
    }

    public static void AdamRows<T>(ComputeDevice device, MatrixView<T> table, MatrixView<T> gradient,
        MatrixView<T> firstMoment, MatrixView<T> secondMoment, AdamStep step)
        where T : unmanaged
    {
        Decays(step);
        Shapes.Same(device, nameof(AdamRows), nameof(table), table, nameof(firstMoment), firstMoment);
        Shapes.Same(device, nameof(AdamRows), nameof(table), table, nameof(secondMoment), secondMoment);
        Apart(nameof(AdamRows), nameof(table), table, gradient, nameof(firstMoment), firstMoment,
            nameof(secondMoment), secondMoment);
    }

    /// <summary>The shapes of an update over rows.</summary>
    public static void Rows<T>(ComputeDevice device, string operation, MatrixView<T> table, IndexView rows,
        MatrixView<T> gradient, IndexView lastStep, int number) where T : unmanaged
    {
        Shapes.Present(device, operation, nameof(table), table);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        Shapes.Present(device, operation, nameof(rows), rows);
        if (!gradient.IsNone)
            Shapes.Is(device, operation, nameof(gradient), gradient, rows.Count, table.Columns,
                $"one row for each of rows, as wide as table {table}");
        Shapes.Count(device, operation, nameof(lastStep), lastStep, table.Rows, $"one for each row of table {table}");
        Shapes.InRange(device, operation, nameof(rows), rows, 0, table.Rows, $"the rows of table {table}");
        Overlap.Refuse(operation, nameof(lastStep), lastStep, nameof(rows), rows);
    }

    static void Numbers(SgdStep step)
    {
        Factors(step.OnDevice, step.LearningRate, step.GradientScale);
        Finite(step.Momentum, "momentum");
    }

    // A device that decides the step reads both there.
    static void Factors(StepNumbers? onDevice, double learningRate, double gradientScale)
    {
        if (onDevice is not null) return;
        Finite(learningRate, "learning rate");
        Finite(gradientScale, "gradient scale");
    }

    // One step with such a number leaves no parameter a number.
    static void Finite(double value, string name)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException("step", value, $"The step's {name} is no finite number.");
    }

    static void NotNegative(double value, string name)
    {
        Finite(value, name);
        if (value < 0) throw new ArgumentOutOfRangeException("step", value, $"The step's {name} is negative.");
    }

    // At 1 a moment never decays, and the steps of a row left behind would all have to be replayed.
    static void Decays(AdamStep step)
    {
        Factors(step.OnDevice, step.LearningRate, step.GradientScale);
        NotNegative(step.Epsilon, "ε");
        if (!(step.Beta1 >= 0 && step.Beta1 < 1))
            throw new ArgumentOutOfRangeException(nameof(step), step.Beta1, "Adam's β1 lies in 0 to 1, below 1.");
        if (!(step.Beta2 >= 0 && step.Beta2 < 1))
            throw new ArgumentOutOfRangeException(nameof(step), step.Beta2, "Adam's β2 lies in 0 to 1, below 1.");
    }

    /// <summary>
    /// A row named at <paramref name="position"/>, up to date with step <paramref name="before"/>, has not taken the
    /// step that is asked for.
    /// </summary>
    public static void LastStep(string operation, int position, int row, int before, int idleTo, int number)
    {
        if (before < 0) throw new ShapeException(operation, $"lastStep[{row}] = {before}: steps count from 1.");
        if (before > idleTo)
            throw new ShapeException(operation,
                $"rows[{position}] = {row} has already taken step {before}: step {number} must be later, and name a "
                + "row once.");
    }
}
