using LdNetGpu.Kernels.Views;


namespace LdNetGpu.Tests;

/// <summary>
/// The slope of a function by evaluating it on either side: what hand-written gradients are held against.
/// </summary>
public static class CentralDifferences
{
    /// <summary>
    /// Compares gradient with (f(x + h) - f(x - h)) / 2h for every element x of the input; f reads the input where it
    /// lies. Against a random cotangent, f is the dot product of that cotangent and the operation's output.
    /// </summary>
    /// <param name="relative">Allowed error, relative to max(1, |slope|).</param>
    public static void AssertGradient(Func<double> function, MatrixView<double> input, MatrixView<double> gradient,
        double step = 1e-5, double relative = 1e-7)
    {
        var analytic = gradient.ToArray();
        Span<double> element = stackalloc double[1];
        for (var i = 0; i < analytic.Length; i++)
        {
            var place = input.Offset + (long)(i / input.Columns) * input.RowStride + i % input.Columns;
            input.Buffer.CopyTo(element, place);
            var value = element[0];
            var slope = (At(value + step, element) - At(value - step, element)) / (2 * step);
            At(value, element);
            if (!(Math.Abs(slope - analytic[i]) <= relative * Math.Max(1, Math.Abs(slope))))
                throw new ToleranceException(
                    $"Gradient of element ({i / input.Columns}, {i % input.Columns}) of {input}: " +
                    $"differences say {slope:R}, the backward pass {analytic[i]:R}.");

            double At(double moved, Span<double> one)
            {
                one[0] = moved;
                input.Buffer.CopyFrom(one, place);
                return function();
            }
        }
    }

    /// <summary>Sum of weights ∘ output: turns an operation into a function to differentiate.</summary>
    public static double Dot(MatrixView<double> weights, MatrixView<double> output)
    {
        var (a, b) = (weights.ToArray(), output.ToArray());
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
