using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using Dual = LdNetGpu.Devices.Managed.Dual<double>;

namespace LdNetGpu.Autograd;

/// <summary>
/// Hessian-vector products of ⟨cotangents, outputs⟩: the tape, run over dual numbers, gives H·v exactly but for
/// rounding (forward over reverse). A backward pass that is right at the point alone is found here.
/// </summary>
sealed class SecondOrderCheck(DeviceBackend<double> backend, CheckedFunction function,
    IReadOnlyList<(string Name, double[] Values)> inputs, double[][] cotangents, ForwardMode forward)
{
    /// <summary>Of central differences of first derivatives, relative above 1.</summary>
    const double Differences = 1e-6;

    public IEnumerable<GradientCheckPart> Run(GradientCheckOptions options, RandomStream random)
    {
        using var device = new ManagedDevice(check: false);
        var duals = new GpuBackend<Dual>(device);
        using var watch = TangentWatch.Begin();
        var symmetry = new PartResult("second order, symmetry", PartResult.Rounding);
        var differences = new PartResult("second order, differences", Differences);
        for (var d = 0; d < Math.Max(1, options.Directions) && watch.Lost == 0; d++)
        {
            var (v, w) = (Direction(random), Direction(random));
            symmetry.Try("backward pass over dual numbers", () =>
            {
                var (hv, gradient) = Product(duals, v);
                var (hw, _) = Product(duals, w);
                if (watch.Lost > 0) return;
                var (left, leftSize) = DualCheck.Product(hv, w);
                var (right, rightSize) = DualCheck.Product(hw, v);
                // Where second derivatives cancel to nothing, their terms were of the first ones' size.
                var rounding = PartResult.Rounding
                    * Math.Max(DualCheck.Product(gradient, v).Size, DualCheck.Product(gradient, w).Size);
                var apart = Math.Abs(left - right);
                symmetry.Add($"directions {2 * d} and {2 * d + 1}",
                    apart <= rounding ? 0 : apart / Math.Max(leftSize, rightSize));
                CompareGradients(differences, $"direction {2 * d}", v, hv, options.Step);
                CompareForward(differences, $"direction {2 * d}", duals, v, DualCheck.Product(hv, v).Sum, options.Step);
            });
        }
        if (watch.Lost == 0) return [symmetry.ToPart(), differences.ToPart()];
        symmetry = new(symmetry.ToPart().Name, PartResult.Rounding);
        symmetry.Note($"not known, for tangents are lost at {string.Join("; ", watch.LostPlaces)}");
        return [symmetry.ToPart()];
    }

    // H · v and the gradient, an array for each input.
    (double[][] Product, double[][] Gradient) Product(GpuBackend<Dual> duals, double[][] v)
    {
        using var made = forward.At(duals, v);
        var pass = PassResult<Dual>.Of(made, cotangents);
        Dual[][] gradients = [.. inputs.Select(input =>
            pass.Gradients[made.Leaves.Index().First(leaf => leaf.Item.Name == input.Name).Index])];
        return (Array.ConvertAll(gradients, part => Array.ConvertAll(part, number => number.Tangent)),
            Array.ConvertAll(gradients, part => Array.ConvertAll(part, number => number.Value)));
    }

    void CompareGradients(PartResult part, string where, double[][] v, double[][] hv, double h)
    {
        var errors = Smaller(h, step =>
        {
            var (above, below) = (Gradients(v, step), Gradients(v, -step));
            return [.. inputs.Index().Select(input => hv[input.Index].Select((exact, e) => Error(exact,
                (above[input.Index][e] - below[input.Index][e]) / (2 * step))).ToArray())];
        });
        for (var i = 0; i < inputs.Count; i++)
            for (var e = 0; e < errors[i].Length; e++) part.Add($"{where}, gradient of {inputs[i].Name}[{e}]",
                errors[i][e]);
    }

    void CompareForward(PartResult part, string where, GpuBackend<Dual> duals, double[][] v, double vhv, double h) =>
        part.Add($"{where}, forward mode", Smaller(h, step =>
        {
            double At(double shift) => DualCheck.Product(cotangents, forward.Along(duals, v, v, shift)).Sum;
            return [[Error(vhv, (At(step) - At(-step)) / (2 * step))]];
        })[0][0]);

    // Each error by the step or by a much smaller one, which passes by a kink.
    static double[][] Smaller(double step, Func<double, double[][]> errors)
    {
        var found = errors(step);
        if (Array.TrueForAll(found, part => Array.TrueForAll(part, error => error <= Differences))) return found;
        var nearer = errors(step / 64);
        return [.. found.Zip(nearer, (far, near) => far.Zip(near, Math.Min).ToArray())];
    }

    static double Error(double exact, double numeric) =>
        Math.Abs(exact - numeric) / Math.Max(1, Math.Max(Math.Abs(exact), Math.Abs(numeric)));

    double[][] Gradients(double[][] v, double step)
    {
        using var made = function.At<double>(backend, (name, _) =>
        {
            var i = inputs.Index().First(input => input.Item.Name == name).Index;
            return [.. inputs[i].Values.Zip(v[i], (value, direction) => value + step * direction)];
        });
        return PassResult<double>.Of(made, cotangents).Gradients;
    }

    // Of length 1, so that a difference's step is what it is in other checks.
    double[][] Direction(RandomStream random)
    {
        var direction = forward.Zeros();
        foreach (var part in direction)
            for (var e = 0; e < part.Length; e++) part[e] = random.NextNormal();
        var length = Math.Sqrt(direction.Sum(part => part.Sum(x => x * x)));
        foreach (var part in direction)
            for (var e = 0; e < part.Length && length > 0; e++) part[e] /= length;
        return direction;
    }
}
