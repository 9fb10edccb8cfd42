using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// Asserts that a backward pass is right: <see cref="GradientCheck"/> in double, against a random cotangent of every
/// output.
/// </summary>
[SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
public static class GradientAssert
{
    /// <summary>Checks an operation on inputs that are drawn when it asks for them.</summary>
    /// <param name="name">Names the case in a failure: say what distinguishes it, such as its shapes.</param>
    /// <param name="backend">Where the inputs lie and the operation runs.</param>
    /// <param name="operation">
    /// Builds the outputs, and asks for its inputs by name and shape:
    /// <c>leaf => [leaf("a", 2, 3).Multiply(leaf("b", 2, 3))]</c>. It must compute the same each time.
    /// </param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <returns>What was compared.</returns>
    /// <exception cref="GradientAssertException">A derivative is wrong, or there was none to compare.</exception>
    /// <exception cref="ArgumentException">An output holds a value that is not finite.</exception>
    public static GradientCheckReport Holds(string name, DeviceBackend<double> backend,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> operation, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(operation);
        options ??= new();
        return Passed(GradientCheck.Run(name, backend, operation, options), options);
    }

    /// <summary>
    /// Checks an operation that is known in every kind of number by central differences, and exactly, by dual numbers.
    /// </summary>
    /// <param name="name">Names the case in a failure.</param>
    /// <param name="backend">Where the inputs lie and the gradients are computed.</param>
    /// <param name="operation">Builds the outputs, and asks for its inputs by name and shape.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <returns>What was compared.</returns>
    /// <exception cref="GradientAssertException">A derivative is wrong, or there was none to compare.</exception>
    /// <exception cref="ArgumentException">An output holds a value that is not finite.</exception>
    public static GradientCheckReport Holds(string name, DeviceBackend<double> backend, IDifferentiable operation,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(operation);
        options ??= new();
        return Passed(GradientCheck.Run(name, backend, operation, options), options);
    }

    /// <summary>
    /// Checks a function of tensors that are its own, as a module's parameters are, by central differences, and
    /// exactly, by dual numbers.
    /// </summary>
    /// <param name="name">Names the case in a failure.</param>
    /// <param name="backend">Where it lives and its gradients are computed.</param>
    /// <param name="block">Makes it, its leaves at the values to check it at.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <returns>What was compared.</returns>
    /// <exception cref="GradientAssertException">A derivative is wrong, or there was none to compare.</exception>
    /// <exception cref="ArgumentException">A leaf does not require a gradient, or an output is not finite.</exception>
    public static GradientCheckReport Holds(string name, DeviceBackend<double> backend, IDifferentiableBlock block,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(block);
        options ??= new();
        return Passed(GradientCheck.Run(name, backend, block, options), options);
    }

    /// <summary>
    /// Checks a pair of kernels, launched by hand, by central differences, and exactly, by dual numbers.
    /// </summary>
    /// <param name="name">Names the case in a failure.</param>
    /// <param name="backend">Where the backward kernels run, on managed, opencl or cuda.</param>
    /// <param name="pair">The kernels, with their operands.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <returns>What was compared.</returns>
    /// <exception cref="GradientAssertException">A derivative is wrong, or there was none to compare.</exception>
    /// <exception cref="ArgumentException">There are no inputs or no outputs, two operands have one name, or an output
    /// is not finite.</exception>
    public static GradientCheckReport Holds(string name, GpuBackend<double> backend, IKernelPair pair,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(pair);
        options ??= new();
        return Passed(GradientCheck.Run(name, backend, pair, options), options);
    }

    /// <summary>Checks a function of tensors that the caller has made.</summary>
    /// <param name="name">Names the case in a failure.</param>
    /// <param name="function">Builds the outputs from the inputs' values; must compute the same each time.</param>
    /// <param name="inputs">
    /// Leaves to differentiate by; each must require a gradient. Their values come back as they were.
    /// </param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <returns>What was compared.</returns>
    /// <exception cref="GradientAssertException">A derivative is wrong, or there was none to compare.</exception>
    /// <exception cref="ArgumentException">An input requires no gradient, or an output is not finite.</exception>
    public static GradientCheckReport Holds(string name, Func<IReadOnlyList<Tensor<double>>> function,
        IReadOnlyList<(string Name, Tensor<double> Tensor)> inputs, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new();
        return Passed(GradientCheck.Run(name, function, inputs, options), options);
    }

    /// <summary>Runs one check of a list, such as <see cref="OperationChecks.All"/>.</summary>
    /// <param name="check">One with a name.</param>
    /// <param name="options">How thoroughly, and what counts as agreement.</param>
    /// <returns>What was compared.</returns>
    /// <exception cref="GradientAssertException">A derivative is wrong, or there was none to compare.</exception>
    public static GradientCheckReport Holds(GradientCheckCase check, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(check);
        options ??= new();
        return Passed(check.Run(options), options);
    }

    static GradientCheckReport Passed(GradientCheckReport report, GradientCheckOptions options) =>
        report is { Passed: true, Checked: > 0 } ? report : throw new GradientAssertException(report, options);
}
