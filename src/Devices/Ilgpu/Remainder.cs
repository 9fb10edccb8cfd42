namespace LdNetGpu.Devices.Ilgpu;

/// <summary>C#'s % of floating-point numbers, exact. ILGPU's is x - y * truncate(x / y), in rounded steps.</summary>
static class Remainder
{
    public static float OfSingles(float x, float y) => (float)OfDoubles(x, y);

    public static double OfDoubles(double x, double y)
    {
        double left = Math.Abs(x), by = Math.Abs(y);
        if (double.IsNaN(x) || double.IsNaN(y) || double.IsInfinity(x) || by == 0) return double.NaN;
        if (left < by) return x;
        // Long division: each difference is of two numbers within a factor of 2, and so exact.
        var part = by;
        while (part <= left - part) part += part;
        while (part >= by)
        {
            if (left >= part) left -= part;
            part *= 0.5;
        }
        return Exactly.CopySign(left, x);
    }
}
