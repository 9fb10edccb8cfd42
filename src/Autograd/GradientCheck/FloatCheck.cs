using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// Outputs and gradients in float against those in double, from inputs and cotangents that a float holds: in units of
/// 2⁻²³ of the sum of the magnitudes of what is added up to each number, as the dual numbers tell it.
/// </summary>
/// <param name="backend">In double; float runs on the same device.</param>
/// <param name="function">Known in every kind of number.</param>
/// <param name="inputs">The point.</param>
/// <param name="cotangents">One array an output.</param>
/// <param name="sizes">Knows the sums of magnitudes, after its run.</param>
/// <param name="allowed">Units that pass.</param>
sealed class FloatCheck(DeviceBackend<double> backend, CheckedFunction function,
    IReadOnlyList<(string Name, double[] Values)> inputs, double[][] cotangents, DualCheck sizes, double allowed)
{
    const double Unit = 1.0 / (1 << 23);

    public GradientCheckPart Run()
    {
        var part = new PartResult("float, ulp", allowed);
        DeviceBackend<float> single = backend.Device switch
        {
            CpuDevice cpu => new CpuBackend<float>(cpu),
            GpuDevice gpu => new GpuBackend<float>(gpu),
            _ => throw new ArgumentException($"No operations in float are known on {backend.Device}."),
        };
        var rounded = cotangents.Select(values => Array.ConvertAll(values, value => (double)(float)value)).ToArray();
        using var doubles = function.At(backend, (name, _) => [.. Values(name).Select(x => (double)x)]);
        using var singles = function.At(single, (name, _) => Values(name));
        var expected = PassResult<double>.Of(doubles, rounded);
        part.Try("float", () =>
        {
            var found = PassResult<float>.Of(singles, rounded);
            for (var o = 0; o < rounded.Length; o++)
                Compare($"output {o}", found.Outputs[o], expected.Outputs[o], sizes.OutputSizes[o]);
            for (var i = 0; i < inputs.Count; i++)
                Compare(inputs[i].Name, found.Gradients[i], expected.Gradients[i], sizes.GradientSizes[i]);
        });
        return part.ToPart();

        void Compare(string where, float[] values, double[] exact, double[] added)
        {
            // Where dual numbers did not tell, what is added up to the tensor's largest.
            var largest = exact.Select(Math.Abs).DefaultIfEmpty().Max();
            for (var e = 0; e < exact.Length; e++)
            {
                var size = Math.Max(Math.Abs(exact[e]), added[e] > 0 ? added[e] : largest);
                part.Add($"{where}[{e}]",
                    values[e] == exact[e] ? 0 : Math.Abs(values[e] - exact[e]) / Math.Max(float.Epsilon, Unit * size));
            }
        }
    }

    float[] Values(string name) =>
        Array.ConvertAll(inputs.First(input => input.Name == name).Values, value => (float)value);
}
