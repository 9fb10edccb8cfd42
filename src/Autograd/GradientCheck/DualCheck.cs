using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using Dual = LdNetGpu.Devices.Managed.Dual<double>;

namespace LdNetGpu.Autograd;

/// <summary>What dual numbers say of a gradient.</summary>
/// <param name="Passed">Whether no derivative was off by more than the tolerance.</param>
/// <param name="Checked">Derivatives compared.</param>
/// <param name="Worst">Where the two differ most; Numeric is the dual numbers' derivative, and Error is relative to the
/// sum of the magnitudes of what was added up to it: as far as it is seen or, where what a kernel adds up cancels, as
/// the derivative in float tells.</param>
/// <param name="Ties">Places of comparisons of equal numbers with different tangents: the derivative holds on one side
/// only, and the two may differ without fault.</param>
/// <param name="Lost">Places where a number was made another without a tangent: dual numbers do not tell this
/// function's derivative, and nothing is judged by them.</param>
public sealed record DualCheckReport(bool Passed, int Checked, GradientCheckWorst Worst, IReadOnlyList<string> Ties,
    IReadOnlyList<string> Lost);

/// <summary>
/// Compares reverse mode with forward mode: ⟨J·v, u⟩ = ⟨v, Jᵀ·u⟩, J·v by dual numbers on the managed device, so exact
/// but for rounding.
/// </summary>
/// <param name="forward">J·v at the point.</param>
/// <param name="inputs">The point.</param>
/// <param name="cotangents">u: an array an output.</param>
/// <param name="gradients">Jᵀ·u: an array an input.</param>
/// <param name="tolerance">The largest relative error that passes.</param>
sealed class DualCheck(ForwardMode forward, IReadOnlyList<(string Name, double[] Values)> inputs,
    double[][] cotangents, double[][] gradients, double tolerance)
{
    /// <summary>
    /// Σ over outputs of |cotangent · derivative|, what is added up to each input's gradient; 0 where it was not looked
    /// at.
    /// </summary>
    public double[][] GradientSizes { get; } = forward.Zeros();

    /// <summary>Σ over the inputs looked at of |derivative · input|, of each output.</summary>
    public double[][] OutputSizes { get; } = [.. cotangents.Select(values => new double[values.Length])];

    // 1 / u of float: what float has lost, times this, is the size of what was added up.
    const double FloatUnits = 1 << 24;

    GradientCheckWorst worst = new("nowhere", 0, 0, 0, 0);
    int count;

    public DualCheckReport Run(GradientCheckOptions options, RandomStream random)
    {
        using var device = new ManagedDevice(check: false);
        var backend = new GpuBackend<Dual>(device);
        using var watch = TangentWatch.Begin();
        for (var i = 0; i < inputs.Count; i++)
            if (forward.IsLarge) CompareAll(backend, i, random);
            else
                foreach (var element in Chosen(i, options, random)) CompareElement(backend, i, element);
        for (var d = 0; d < options.Directions; d++)
        {
            var direction = forward.Zeros();
            foreach (var part in direction) Draw(part, random);
            Compare(backend, $"direction {d}", direction);
        }
        var passed = watch.Lost > 0 || worst.Error <= tolerance;
        return new(passed, count, worst, watch.TiePlaces, watch.LostPlaces);
    }

    void CompareElement(GpuBackend<Dual> backend, int input, int element)
    {
        var direction = forward.Zeros();
        direction[input][element] = 1;
        var (column, size) = Compare(backend, $"{inputs[input].Name}[{element}]", direction);
        GradientSizes[input][element] = size;
        for (var o = 0; o < column.Length; o++)
            for (var e = 0; e < column[o].Length; e++)
                OutputSizes[o][e] += Math.Abs(column[o][e] * inputs[input].Values[element]);
    }

    // One direction through every element of an input.
    void CompareAll(GpuBackend<Dual> backend, int input, RandomStream random)
    {
        var direction = forward.Zeros();
        Draw(direction[input], random);
        Compare(backend, inputs[input].Name, direction);
    }

    static void Draw(double[] direction, RandomStream random)
    {
        for (var e = 0; e < direction.Length; e++) direction[e] = random.NextNormal();
    }

    IEnumerable<int> Chosen(int input, GradientCheckOptions options, RandomStream random) =>
        GradientCheck.Chosen(inputs[input].Values.Length, options.ElementsPerTensor, random);

    (double[][] Column, double Size) Compare(GpuBackend<Dual> backend, string place, double[][] direction)
    {
        count++;
        var column = forward.Along(backend, direction);
        var (analytic, reverseSize) = Product(gradients, direction);
        var (exact, forwardSize) = Product(cotangents, column);
        var difference = Math.Abs(analytic - exact);
        if (difference <= RoundingOf(direction)) difference = 0;
        var size = Math.Max(double.Epsilon, Math.Max(reverseSize, forwardSize));
        if (difference > size * tolerance) size = Math.Max(size, LostInFloat(backend, direction, exact) * FloatUnits);
        var error = difference / size;
        if (double.IsNaN(error)) error = double.PositiveInfinity;
        if (error > worst.Error || count == 1) worst = new(place, analytic, exact, error, 0);
        return (column, forwardSize);
    }

    // A few roundings of the largest derivative by the same tensor: where an element's terms cancel to nothing, they
    // were as large as its neighbours'.
    double RoundingOf(double[][] direction)
    {
        const double Roundings = 4;
        var largest = 0.0;
        for (var i = 0; i < direction.Length; i++)
        {
            var step = direction[i].Select(Math.Abs).DefaultIfEmpty().Max();
            if (step > 0)
                largest = Math.Max(largest, step * gradients[i].Select(Math.Abs).DefaultIfEmpty().Max());
        }
        return double.IsFinite(largest) ? Roundings * Math.Pow(2, -53) * largest : 0;
    }

    // What lies between terms that cancel is not seen in their sum; the derivative in float is off by as much as they
    // are large. Its comparisons of numbers that are equal in float only do not count.
    double LostInFloat(GpuBackend<Dual> backend, double[][] direction, double exact)
    {
        using var apart = TangentWatch.Begin();
        var inFloat = forward.InFloat(new((GpuDevice)backend.Device), direction);
        var lost = Math.Abs(Product(cotangents, inFloat).Sum - exact);
        return double.IsFinite(lost) ? lost : 0;
    }

    internal static (double Sum, double Size) Product(double[][] left, double[][] right)
    {
        var (sum, size) = (0.0, 0.0);
        for (var i = 0; i < left.Length; i++)
            for (var e = 0; e < left[i].Length; e++)
            {
                var term = left[i][e] * right[i][e];
                sum += term;
                size += Math.Abs(term);
            }
        return (sum, size);
    }
}
