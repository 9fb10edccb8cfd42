namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Exponentials: x = k ln 2 + r with |r| at most ln 2 / 2; e^r by its series, 2^k by its bits. Errors are in the
/// documentation's table.
/// </summary>
static partial class DeviceMath
{
    // ln 2 in two parts, the first with so few bits that its products with an exponent are exact.
    const double Log2Of = 1.4426950408889634, Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;
    const float Ln2HighF = 0.693145751953125f, Ln2LowF = 1.42860677e-6f;

    public static double Exp(double x) => double.IsNaN(x)
        ? x : x > 709.8 ? double.PositiveInfinity : x < -745.2 ? 0 : ExpOf(x, 0);

    public static float Exp(float x)
    {
        if (float.IsNaN(x)) return x;
        if (x > 88.8f) return float.PositiveInfinity;
        if (x < -104f) return 0;
        var k = Nearest(x * (float)Log2Of);
        return Scale(1 + SeriesM1((x - k * Ln2HighF) - k * Ln2LowF), k);
    }

    public static double ExpM1(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.8) return double.PositiveInfinity;
        if (x < -45) return -1;
        var k = Nearest(x * Log2Of);
        var series = SeriesM1((x - k * Ln2High) - k * Ln2Low);
        if (k == 0) return series;
        if (k > 55) return Scale(1 + series, k);
        var power = Scale(1.0, k);
        return power * series + (power - 1);
    }

    public static float ExpM1(float x)
    {
        if (float.IsNaN(x)) return x;
        if (x > 88.8f) return float.PositiveInfinity;
        if (x < -20f) return -1;
        var k = Nearest(x * (float)Log2Of);
        var series = SeriesM1((x - k * Ln2HighF) - k * Ln2LowF);
        if (k == 0) return series;
        if (k > 26) return Scale(1 + series, k);
        var power = Scale(1f, k);
        return power * series + (power - 1);
    }

    public static double Exp2(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x >= 1024) return double.PositiveInfinity;
        if (x < -1076) return 0;
        var k = Nearest(x);
        return Scale(1 + SeriesM1((x - k) * Ln2), k);
    }

    public static float Exp2(float x) => (float)Exp2((double)x);

    public static double Tanh(double x)
    {
        var size = x < 0 ? -x : x;
        if (!(size >= 1e-9)) return x;
        var grown = size > 22 ? double.PositiveInfinity : ExpM1(2 * size);
        var tanh = size > 0.5 ? 1 - 2 / (grown + 2) : grown / (grown + 2);
        return x < 0 ? -tanh : tanh;
    }

    public static float Tanh(float x)
    {
        var size = x < 0 ? -x : x;
        if (!(size >= 1e-5f)) return x;
        var grown = size > 10 ? float.PositiveInfinity : ExpM1(2 * size);
        var tanh = size > 0.5f ? 1 - 2 / (grown + 2) : grown / (grown + 2);
        return x < 0 ? -tanh : tanh;
    }

    // e^(x + low), for x where it is finite or nearly so.
    static double ExpOf(double x, double low)
    {
        var k = Nearest(x * Log2Of);
        var high = x - k * Ln2High;
        low -= k * Ln2Low;
        var r = high + low;
        low += high - r;
        return Scale(1 + (SeriesM1(r) + (low + low * r)), k);
    }

    // e^r - 1 for |r| at most ln 2 / 2: r^14 / 14! is below half a bit.
    static double SeriesM1(double r) => r + r * r * (0.5 + r * (1 / 6.0 + r * (1 / 24.0 + r * (1 / 120.0
        + r * (1 / 720.0 + r * (1 / 5040.0 + r * (1 / 40320.0 + r * (1 / 362880.0
        + r * (1 / 3628800.0 + r * (1 / 39916800.0 + r * (1 / 479001600.0 + r * (1 / 6227020800.0))))))))))));

    static float SeriesM1(float r) => r
        + r * r * (0.5f
            + r * (1 / 6f + r * (1 / 24f + r * (1 / 120f + r * (1 / 720f + r * (1 / 5040f + r * (1 / 40320f)))))));

    static int Nearest(double x) => (int)(x + (x < 0 ? -0.5 : 0.5));

    static int Nearest(float x) => (int)(x + (x < 0 ? -0.5f : 0.5f));

    // Two steps, for the result may be subnormal, and 2^k too large by itself.
    static double Scale(double x, int k)
    {
        var half = k / 2;
        return x * BitConverter.Int64BitsToDouble((long)(half + 1023) << 52)
            * BitConverter.Int64BitsToDouble((long)(k - half + 1023) << 52);
    }

    static float Scale(float x, int k)
    {
        var half = k / 2;
        return x * BitConverter.Int32BitsToSingle((half + 127) << 23)
            * BitConverter.Int32BitsToSingle((k - half + 127) << 23);
    }
}
