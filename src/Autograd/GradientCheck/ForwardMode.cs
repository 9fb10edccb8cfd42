using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using Dual = LdNetGpu.Devices.Managed.Dual<double>;

namespace LdNetGpu.Autograd;

/// <summary>J·v of a function at a point, by dual numbers.</summary>
/// <param name="function">Known in every kind of number.</param>
/// <param name="inputs">The point.</param>
sealed class ForwardMode(CheckedFunction function, IReadOnlyList<(string Name, double[] Values)> inputs)
{
    public double[][] Zeros() => [.. inputs.Select(input => new double[input.Values.Length])];

    /// <summary>J · direction, one array for each output.</summary>
    /// <param name="backend">Of the managed device.</param>
    /// <param name="direction">One array for each input.</param>
    /// <param name="along">Along what the point lies from the inputs.</param>
    /// <param name="step">How far.</param>
    public double[][] Along(GpuBackend<Dual> backend, double[][] direction, double[][]? along = null, double step = 0)
    {
        using var scope = new TensorScope();
        using var made = At(backend, direction, along, step);
        return [.. made.Outputs()
            .Select(output => Array.ConvertAll(output.ToArray(), number => number.Tangent))];
    }

    /// <summary>The same, computed in float.</summary>
    public double[][] InFloat(GpuBackend<Dual<float>> backend, double[][] direction)
    {
        using var scope = new TensorScope();
        using var made = function.At(backend, (name, _) =>
        {
            var i = IndexOf(name);
            return [.. inputs[i].Values.Select((value, e) => new Dual<float>((float)value, (float)direction[i][e]))];
        });
        return [.. made.Outputs()
            .Select(output => Array.ConvertAll(output.ToArray(), number => (double)number.Tangent))];
    }

    /// <summary>Whether a derivative costs much.</summary>
    public bool IsLarge => function.IsLarge;

    /// <summary>The function at the point, with the direction for tangents.</summary>
    public DifferentiableBlock<Dual> At(GpuBackend<Dual> backend, double[][] direction, double[][]? along = null,
        double step = 0) => function.At(backend, (name, _) =>
        {
            var i = IndexOf(name);
            return [.. inputs[i].Values.Select((value, e) =>
                new Dual(along is null ? value : value + step * along[i][e], direction[i][e]))];
        });

    int IndexOf(string name)
    {
        for (var i = 0; i < inputs.Count; i++)
            if (inputs[i].Name == name) return i;
        throw new InvalidOperationException(
            $"The function asks for the input {name} in dual numbers, and did not in double.");
    }
}
