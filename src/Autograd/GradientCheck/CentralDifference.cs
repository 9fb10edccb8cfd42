namespace LdNetGpu.Autograd;

/// <summary>
/// A derivative along a direction by central differences, extrapolated to h → 0 as the options say (Richardson's
/// tableau of halved steps).
/// </summary>
/// <param name="options">Extrapolations, and what counts as agreement.</param>
/// <param name="shifted">The function at a step along directions, and the sum of the magnitudes that it adds
/// up.</param>
sealed class CentralDifference(GradientCheckOptions options,
    Func<double[][], double, (double Sum, double Size)> shifted)
{
    // Beside 2⁻⁵³ of each term: the function is itself some roundings deep.
    const double Rounding = 8 * 1.1102230246251565e-16;

    /// <summary>Holds a derivative against the difference.</summary>
    public GradientCheckWorst Compare(string place, double exact, double[][] directions, double step)
    {
        var found = At(place, exact, directions, step);
        // A kink (ReLU, |z|) between x - h and x + h is no error: a much smaller step passes it by. A wrong gradient
        // stays wrong.
        for (var smaller = 0; smaller < (options.Extrapolations == 0 ? 1 : 2); smaller++)
        {
            if (found.Error <= options.Tolerance && found.Doubt <= options.Tolerance) break;
            step /= 64;
            var nearer = At(place, exact, directions, step);
            if (options.Extrapolations == 0 ? nearer.Error < found.Error : nearer.Doubt < found.Doubt) found = nearer;
        }
        return found;
    }

    GradientCheckWorst At(string place, double exact, double[][] directions, double step)
    {
        var orders = options.Extrapolations;
        var row = new double[orders + 1];
        var (last, size, bar) = (step, 0.0, 0.0);
        for (var k = 0; k <= orders; k++)
        {
            last = step / (1 << k);
            var (above, below) = (shifted(directions, last), shifted(directions, -last));
            size = Math.Max(size, Math.Max(above.Size, below.Size));
            // row[j] becomes the j times extrapolated difference of this step, of the former one's before.
            var difference = (above.Sum - below.Sum) / (2 * last);
            for (var j = 0; j <= k; j++)
            {
                var next = difference + (difference - row[j]) / (Math.Pow(4, j + 1) - 1);
                if (j == k - 1) bar = Math.Abs(next - difference);
                (row[j], difference) = (difference, next);
            }
        }
        var numeric = row[orders];
        var error = Math.Abs(exact - numeric) / Math.Max(1, Math.Max(Math.Abs(exact), Math.Abs(numeric)));
        return new(place, exact, numeric, double.IsNaN(error) ? double.PositiveInfinity : error, step)
        {
            ErrorBar = orders == 0 ? 0 : bar, Floor = orders == 0 ? 0 : Rounding * size / last,
        };
    }
}
