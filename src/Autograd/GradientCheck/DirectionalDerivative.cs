using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using Dual = LdNetGpu.Devices.Managed.Dual<double>;

namespace LdNetGpu.Autograd;

/// <summary>What kernels compute at a point, and its derivative along a direction.</summary>
/// <param name="Values">Of each output, in row order.</param>
/// <param name="Tangents">J · direction, of each output.</param>
/// <param name="Ties">Places of comparisons of equal numbers with different tangents: the derivative holds on one side
/// only.</param>
/// <param name="Lost">Places where a number was made another without a tangent: the derivative is wrong.</param>
public sealed record DirectionalDerivative(IReadOnlyList<double[]> Values, IReadOnlyList<double[]> Tangents,
    IReadOnlyList<string> Ties, IReadOnlyList<string> Lost)
{
    internal static DirectionalDerivative Of(IForwardKernel kernel, IReadOnlyList<double[]> point,
        IReadOnlyList<double[]> direction)
    {
        using var device = new ManagedDevice();
        using var scope = new TensorScope();
        using var watch = TangentWatch.Begin();
        var backend = new GpuBackend<Dual>(device);
        var operands = new KernelOperands<Dual>(backend, kernel, [.. kernel.Inputs.Select((input, i) =>
            Tensor.From(backend, [.. point[i].Zip(direction[i], (value, tangent) => new Dual(value, tangent))],
                new Shape(input.Sizes)))]);
        kernel.Forward(operands);
        var outputs = operands.Outputs.Select(output => output.ToArray()).ToList();
        return new([.. outputs.Select(output => Array.ConvertAll(output, number => number.Value))],
            [.. outputs.Select(output => Array.ConvertAll(output, number => number.Tangent))],
            watch.TiePlaces, watch.LostPlaces);
    }

    /// <exception cref="ArgumentException">There is not an array of an input's size for each of them.</exception>
    internal static void Require(IForwardKernel kernel, IReadOnlyList<double[]> arrays, string what)
    {
        if (arrays.Count != kernel.Inputs.Count)
            throw new ArgumentException(
                $"The kernel has {kernel.Inputs.Count} inputs, and there are arrays for {arrays.Count}.", what);
        for (var i = 0; i < arrays.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(arrays[i], $"{what}[{i}]");
            var shape = new Shape(kernel.Inputs[i].Sizes);
            if (arrays[i].Length != shape.Count)
                throw new ArgumentException($"{kernel.Inputs[i].Name} is {shape}, of {shape.Count} elements, and its "
                    + $"array has {arrays[i].Length}.", what);
        }
    }
}
