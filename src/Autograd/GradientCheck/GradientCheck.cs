using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// Compares reverse-mode gradients with central differences, in double, against a random cotangent for every output: a
/// sum of outputs would hide errors that cancel. For your own operations too.
/// </summary>
[SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
public static class GradientCheck
{
    /// <summary>
    /// Checks the gradients of a function by its inputs. Values of the inputs are as before when it returns.
    /// </summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="function">Builds the outputs from the inputs' current values; must compute the same each
    /// time.</param>
    /// <param name="inputs">Leaves to differentiate by; each must require a gradient.</param>
    /// <param name="options">How thoroughly; by default 40 elements a tensor and two directions, to 1e-7.</param>
    /// <exception cref="ArgumentException">An input does not require a gradient, the function returned null, or an
    /// output is not finite.</exception>
    public static GradientCheckReport Run(string name, Func<IReadOnlyList<Tensor<double>>> function,
        IReadOnlyList<(string Name, Tensor<double> Tensor)> inputs, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        for (var i = 0; i < inputs.Count; i++)
            ArgumentNullException.ThrowIfNull(inputs[i].Tensor, $"{nameof(inputs)}[{i}].Tensor");
        options ??= new();
        return new FirstOrderCheck(name, function, inputs, options).Run();
    }

    /// <summary>Checks a function of inputs that are drawn when it asks for them.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="backend">Where the inputs lie and the function computes.</param>
    /// <param name="function">Builds the outputs; must ask for the same inputs and compute the same each time.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <exception cref="ArgumentException">An output is not finite.</exception>
    public static GradientCheckReport Run(string name, DeviceBackend<double> backend,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(function);
        options ??= new();
        using var inputs = new GradientInputs<double>(backend, options.Seed);
        Ask(inputs, function);
        var first = new FirstOrderCheck(name, () => function(inputs.Get), inputs.All, options);
        var report = first.Run();
        return report.Checked == 0 ? report : With(report, OfInputs(backend, function, first));
    }

    /// <summary>
    /// Checks a function that is known in every kind of number by central differences, and exactly, by dual numbers.
    /// Where kernels run elsewhere, both passes run once on the managed device first, every access checked.
    /// </summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="backend">Where the inputs lie and the gradients are computed.</param>
    /// <param name="function">Builds the outputs.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <exception cref="ArgumentException">An output is not finite.</exception>
    /// <exception cref="KernelFaultException">A kernel does what it must not.</exception>
    public static GradientCheckReport Run(string name, DeviceBackend<double> backend, IDifferentiable function,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(function);
        options ??= new();
        return Run(name, backend, function, options,
            (input, count) => GradientInputs<double>.Draw(input, count, options.Seed));
    }

    /// <summary>
    /// Checks a pair of kernels, launched by hand, by central differences, and exactly, by dual numbers: the forward
    /// kernels run over them on the managed device, and ⟨J·v, u⟩ is held against ⟨v, Jᵀ·u⟩ of the backward kernels.
    /// </summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="backend">Where the backward kernels run, on managed, opencl or cuda.</param>
    /// <param name="pair">The kernels, with their operands.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <exception cref="ArgumentException">There are no inputs or no outputs, two operands have one name, or an output
    /// is not finite.</exception>
    public static GradientCheckReport Run(string name, GpuBackend<double> backend, IKernelPair pair,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(pair);
        KernelPairCheck.Require(name, pair);
        options ??= new();
        var check = new KernelPairCheck(pair);
        return Run(name, backend, check, options, (input, count) => check.Values(input, count, options.Seed));
    }

    /// <summary>
    /// J · direction of kernels, with no step and no truncation: they run over dual numbers on the managed device,
    /// every access checked. Backward kernels are not needed.
    /// </summary>
    /// <param name="kernel">The kernels, with their operands.</param>
    /// <param name="point">Where: an array for each input, in row order. <see cref="KernelOperand.Values"/> are not
    /// looked at.</param>
    /// <param name="direction">An array for each input.</param>
    /// <exception cref="ArgumentException">There are no inputs or no outputs, two operands have one name, or an array
    /// is not of its input's size.</exception>
    /// <exception cref="KernelFaultException">A kernel does what it must not.</exception>
    public static DirectionalDerivative Along(IForwardKernel kernel, IReadOnlyList<double[]> point,
        IReadOnlyList<double[]> direction)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(direction);
        KernelPairCheck.Require(kernel.GetType().Name, kernel);
        DirectionalDerivative.Require(kernel, point, nameof(point));
        DirectionalDerivative.Require(kernel, direction, nameof(direction));
        return DirectionalDerivative.Of(kernel, point, direction);
    }

    static GradientCheckReport Run(string name, DeviceBackend<double> backend, IDifferentiable function,
        GradientCheckOptions options, Func<string, int, double[]> values)
    {
        if (backend.Device is GpuDevice and not ManagedDevice) Rehearse(name, function, options, values);
        using var inputs = new GradientInputs<double>(backend, values);
        IReadOnlyList<Tensor<double>> Outputs(GradientInput<double> input) => function.Outputs(backend, input);
        Ask(inputs, Outputs);
        var first = new FirstOrderCheck(name, () => Outputs(inputs.Get), inputs.All, options);
        var report = first.Run();
        return report.Checked == 0 ? report
            : InOtherNumbers(report, backend, CheckedFunction.Of(function), first, OfInputs(backend, Outputs, first));
    }

    // Both passes once where every access is checked: elsewhere kernels that read outside, or race, give no sign of it.
    static void Rehearse(string name, IDifferentiable function, GradientCheckOptions options,
        Func<string, int, double[]> values)
    {
        using var device = new ManagedDevice();
        var managed = new GpuBackend<double>(device);
        using var inputs = new GradientInputs<double>(managed, values);
        IReadOnlyList<Tensor<double>> Outputs(GradientInput<double> input) => function.Outputs(managed, input);
        Ask(inputs, Outputs);
        new FirstOrderCheck(name, () => Outputs(inputs.Get), inputs.All, options with
        {
            ElementsPerTensor = 0, Directions = 0, SameBits = false, AbsentCotangents = false, AddedGradients = false,
        }).Run();
    }

    /// <summary>
    /// Checks a function of tensors that are its own, as a module's parameters are, by central differences, and
    /// exactly, by dual numbers: along a random direction through each tensor, and through all at once.
    /// </summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="backend">Where it lives and its gradients are computed.</param>
    /// <param name="block">Makes it, its leaves at the values to check it at.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn. One tensor
    /// for two inputs, and inputs that are columns, are not known of it.</param>
    /// <exception cref="ArgumentException">A leaf does not require a gradient, or an output is not finite.</exception>
    /// <exception cref="InvalidOperationException">The block gave nothing, or leaves of other names in dual
    /// numbers.</exception>
    public static GradientCheckReport Run(string name, DeviceBackend<double> backend, IDifferentiableBlock block,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(block);
        options ??= new();
        using var made = block.On(backend)
            ?? throw new InvalidOperationException($"{name}: the block gave nothing.");
        var first = new FirstOrderCheck(name, made.Outputs, made.Leaves, options);
        var report = first.Run();
        return report.Checked == 0 ? report : InOtherNumbers(report, backend, CheckedFunction.Of(block), first, []);
    }

    static GradientCheckReport InOtherNumbers(GradientCheckReport report, DeviceBackend<double> backend,
        CheckedFunction function, FirstOrderCheck first, List<GradientCheckPart> parts)
    {
        var options = first.Options;
        var values = first.Inputs.Select(input => (input.Name, input.Tensor.ToArray())).ToList();
        var forward = new ForwardMode(function, values);
        var check = new DualCheck(forward, values, first.Cotangents, first.Gradients, options.DualTolerance);
        var dual = check.Run(options, first.Random);
        if (options.FloatUlp is { } ulp)
            parts.Add(new FloatCheck(backend, function, values, first.Cotangents, check, ulp).Run());
        if (options.SecondOrder)
            parts.AddRange(new SecondOrderCheck(backend, function, values, first.Cotangents, forward).Run(options,
                first.Random));
        return With(report with { Passed = report.Passed && dual.Passed, Dual = dual }, parts);
    }

    // So that the inputs are there before they are shifted.
    static void Ask(GradientInputs<double> inputs,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function)
    {
        using var scope = new TensorScope();
        function(inputs.Get);
    }

    static List<GradientCheckPart> OfInputs(DeviceBackend<double> backend,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function, FirstOrderCheck first)
    {
        var parts = new List<GradientCheckPart>();
        if (first.Options.AliasedInputs) parts.Add(AliasCheck.Run(function, first.Inputs, first.Cotangents));
        if (first.Options.StridedInputs) parts.Add(StrideCheck.Run(backend, function, first));
        return parts;
    }

    static GradientCheckReport With(GradientCheckReport report, List<GradientCheckPart> parts) => report with
    {
        Passed = report.Passed && parts.TrueForAll(part => part.Passed), Parts = [.. report.Parts, .. parts],
    };

    internal static IEnumerable<int> Chosen(int length, int wanted, RandomStream random)
    {
        if (length <= wanted) return Enumerable.Range(0, length);
        var all = Enumerable.Range(0, length).ToArray();
        random.Shuffle<int>(all);
        return all.Take(wanted).Order();
    }
}
