using System.Numerics;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>A pair of kernels as a function of tensors.</summary>
sealed class KernelPairCheck(IKernelPair pair) : IDifferentiable
{
    public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new KernelPairFunction<T>(pair, [.. pair.Inputs.Select(operand => input(operand.Name, operand.Sizes))])
            .Apply();

    /// <summary>The values of an input, as the pair has them or drawn.</summary>
    public double[] Values(string name, int count, ulong seed) =>
        pair.Inputs.First(input => input.Name == name).Values is { } values
            ? [.. values] : GradientInputs<double>.Draw(name, count, seed);

    /// <exception cref="ArgumentException">Operands are missing, of one name, or of another size than their
    /// values.</exception>
    public static void Require(string name, IForwardKernel kernel)
    {
        if (kernel.Inputs is not { Count: > 0 }) throw new ArgumentException($"{name}: the kernel has no inputs.");
        if (kernel.Outputs is not { Count: > 0 }) throw new ArgumentException($"{name}: the kernel has no outputs.");
        var names = new HashSet<string>();
        foreach (var operand in kernel.Inputs.Concat(kernel.Outputs))
        {
            if (operand is null) throw new ArgumentException($"{name}: an operand of the kernel is null.");
            if (!names.Add(operand.Name))
                throw new ArgumentException($"{name}: two operands of the kernel have the name {operand.Name}.");
            var shape = new Shape(operand.Sizes);
            if (operand.Values is { } values && values.Count != shape.Count)
                throw new ArgumentException(
                    $"{name}: {operand.Name} is {shape}, of {shape.Count} elements, and has {values.Count} values.");
        }
    }
}

/// <summary>Launches a pair's kernels, and adds the gradients that they write to those that there are.</summary>
sealed class KernelPairFunction<T>(IKernelPair pair, Tensor<T>[] inputs) : Function<T>(inputs)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    KernelOperands<T> operands = null!;

    public override string Name => pair.GetType().Name;

    protected override Tensor<T>[] Forward()
    {
        operands = new((GpuBackend<T>)Backend, pair, inputs);
        pair.Forward(operands);
        return operands.Outputs;
    }

    protected override void Backward()
    {
        var gradients = new Dictionary<string, MatrixView<T>>();
        foreach (var (operand, output) in pair.Outputs.Zip(operands.Outputs))
            gradients.Add(operand.Name, GradientOf(output));
        foreach (var (operand, input) in pair.Inputs.Zip(inputs))
            gradients.Add(operand.Name, Tensor.Zeros(Backend, input.Shape).View);
        operands.Gradients = gradients;
        pair.Backward(operands);
        foreach (var (operand, input) in pair.Inputs.Zip(inputs))
            if (Needs(input))
            {
                var target = GradientFor(input, out var accumulate);
                Backend.Elementwise.Scale(T.One, gradients[operand.Name], target, accumulate);
            }
    }
}
