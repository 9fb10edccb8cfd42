namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Logarithms: x = m 2^k with m about 1; ln m = 2 artanh(s) with s = (m - 1) / (m + 1), by its series. Powers and other
/// bases take ln x in two parts, the second what does not fit into the first.
/// </summary>
static partial class DeviceMath
{
    const double Ln2 = 0.6931471805599453, InverseLn2Low = 2.0355273740931033e-17;
    const double InverseLn10 = 0.4342944819032518, InverseLn10Low = 1.098319650216765e-17;
    const double RootOfHalf = 0.7071067811865476;

    public static double Log(double x)
    {
        if (!(x > 0) || x == double.PositiveInfinity) return LogOfSpecial(x);
        var m = Mantissa(x, out var k);
        var f = m - 1;
        var s = f / (2 + f);
        var z = s * s;
        var half = 0.5 * f * f;
        var rest = s * (half + z * (2 / 3.0 + z * (2 / 5.0 + z * (2 / 7.0
            + z * (2 / 9.0
                + z * (2 / 11.0
                    + z * (2 / 13.0
                        + z * (2 / 15.0 + z * (2 / 17.0 + z * (2 / 19.0 + z * (2 / 21.0 + z * (2 / 23.0))))))))))));
        return k * Ln2High - ((half - (rest + k * Ln2Low)) - f);
    }

    public static float Log(float x)
    {
        if (!(x > 0) || x == float.PositiveInfinity) return (float)LogOfSpecial(x);
        var bits = BitConverter.SingleToInt32Bits(x);
        var k = 0;
        if (bits < 0x00800000)
        {
            bits = BitConverter.SingleToInt32Bits(x * 33554432f);
            k = -25;
        }
        k += (bits >> 23) - 127;
        var m = BitConverter.Int32BitsToSingle((bits & 0x007fffff) | 0x3f800000);
        if (m > 1.4142135f)
        {
            m *= 0.5f;
            k++;
        }
        var f = m - 1;
        var s = f / (2 + f);
        var z = s * s;
        var half = 0.5f * f * f;
        var rest = s * (half + z * (2 / 3f + z * (2 / 5f + z * (2 / 7f + z * (2 / 9f + z * (2 / 11f))))));
        return k * Ln2HighF - ((half - (rest + k * Ln2LowF)) - f);
    }

    public static double LogP1(double x)
    {
        if (!(x > -1) || x == double.PositiveInfinity) return LogOfSpecial(1 + x);
        if (x < 1e-17 && x > -1e-17) return x;
        var sum = 1 + x;
        return Log(sum) + (x > 1 ? 1 - (sum - x) : x - (sum - 1)) / sum;
    }

    public static float LogP1(float x) => (float)LogP1((double)x);

    public static double Log2(double x) => InBase(x, Log2Of, InverseLn2Low);

    public static float Log2(float x) => (float)Log2((double)x);

    public static double Log10(double x) => InBase(x, InverseLn10, InverseLn10Low);

    public static float Log10(float x) => (float)Log10((double)x);

    static double LogOfSpecial(double x) => x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;

    static double InBase(double x, double inverse, double inverseLow)
    {
        if (!(x > 0) || x == double.PositiveInfinity) return LogOfSpecial(x);
        var high = LogParts(x, out var low);
        var product = high * inverse;
        return product + (Math.FusedMultiplyAdd(high, inverse, -product) + (high * inverseLow + low * inverse));
    }

    // x as m 2^k, m from the root of 1/2 to that of 2.
    static double Mantissa(double x, out int k)
    {
        k = 0;
        var bits = BitConverter.DoubleToInt64Bits(x);
        if (bits < 0x0010000000000000)
        {
            bits = BitConverter.DoubleToInt64Bits(x * 18014398509481984.0);
            k = -54;
        }
        k += (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
        if (m <= 2 * RootOfHalf) return m;
        k++;
        return 0.5 * m;
    }

    // ln x of a positive finite x to about 2^-64: s and 2 s³ / 3 are kept in two parts each.
    static double LogParts(double x, out double low)
    {
        const double TwoThirds = 0.6666666666666666, TwoThirdsLow = 3.700743415417188e-17;
        var f = Mantissa(x, out var k) - 1;
        var divisor = 2 + f;
        var divisorLow = f - (divisor - 2);
        var s = f / divisor;
        var sLow = (Math.FusedMultiplyAdd(-s, divisor, f) - s * divisorLow) / divisor;
        var z = s * s;
        var zLow = Math.FusedMultiplyAdd(s, s, -z) + 2 * s * sLow;
        var cube = s * z;
        var cubeLow = Math.FusedMultiplyAdd(s, z, -cube) + (s * zLow + sLow * z);
        var third = cube * TwoThirds;
        var thirdLow = Math.FusedMultiplyAdd(cube, TwoThirds, -third) + (cube * TwoThirdsLow + cubeLow * TwoThirds);
        var rest = cube * z * (2 / 5.0 + z * (2 / 7.0 + z * (2 / 9.0
            + z * (2 / 11.0
                + z * (2 / 13.0
                    + z * (2 / 15.0
                        + z * (2 / 17.0 + z * (2 / 19.0 + z * (2 / 21.0 + z * (2 / 23.0 + z * (2 / 25.0)))))))))));
        var first = Sum(k * Ln2High, 2 * s, out var firstLow);
        var sum = Sum(first, third, out var sumLow);
        return Sum(sum, firstLow + sumLow + (2 * sLow + thirdLow) + (rest + k * Ln2Low), out low);
    }

    // a + b and what rounding took from it (Knuth, The Art of Computer Programming 2, 4.2.2).
    static double Sum(double a, double b, out double low)
    {
        var sum = a + b;
        var part = sum - a;
        low = (a - (sum - part)) + (b - part);
        return sum;
    }
}
