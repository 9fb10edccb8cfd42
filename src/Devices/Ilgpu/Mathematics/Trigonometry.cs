namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Trigonometry: x = q π/2 + r with |r| at most π/4, r in two parts; where x is large, from as many bits of 2/π as it
/// takes (Payne and Hanek 1983).
/// </summary>
static partial class DeviceMath
{
    const double TwoToMinus32 = 1 / 4294967296.0;
    const double HalfPi = 1.5707963267948966, HalfPiMiddle = 6.123233995736766e-17, HalfPiLow = -1.4973849048591698e-33,
        InverseHalfPi = 0.6366197723675814;

    public static double Sin(double x)
    {
        if (x - x != 0) return double.NaN;
        if (x == 0) return x;
        var r = Reduce(x, out var low, out var quadrant);
        var value = (quadrant & 1) == 0 ? SinOf(r, low) : CosOf(r, low);
        return (quadrant & 2) == 0 ? value : -value;
    }

    public static double Cos(double x)
    {
        if (x - x != 0) return double.NaN;
        var r = Reduce(x, out var low, out var quadrant);
        var value = (quadrant & 1) == 0 ? CosOf(r, low) : SinOf(r, low);
        return ((quadrant + 1) & 2) == 0 ? value : -value;
    }

    public static double Tan(double x)
    {
        if (x - x != 0) return double.NaN;
        if (x == 0) return x;
        var r = Reduce(x, out var low, out var quadrant);
        return (quadrant & 1) == 0 ? SinOf(r, low) / CosOf(r, low) : -CosOf(r, low) / SinOf(r, low);
    }

    public static float Sin(float x) => (float)Sin((double)x);

    public static float Cos(float x) => (float)Cos((double)x);

    public static float Tan(float x) => (float)Tan((double)x);

    /// <summary>
    /// arctan a = arctan c + arctan((a - c) / (1 + a c)), c the nearest quarter; 1 / x in place of an x above 1.
    /// </summary>
    public static double Atan(double x)
    {
        if (double.IsNaN(x) || x == 0) return x;
        var size = x < 0 ? -x : x;
        var a = size > 1 ? 1 / size : size;
        var quarter = (int)(4 * a + 0.5);
        var c = 0.25 * quarter;
        var t = (a - c) / (1 + a * c);
        var z = t * t;
        var series = t * z * (-1 / 3.0 + z * (1 / 5.0 + z * (-1 / 7.0 + z * (1 / 9.0
            + z * (-1 / 11.0 + z * (1 / 13.0 + z * (-1 / 15.0 + z * (1 / 17.0 + z * (-1 / 19.0)))))))));
        var atan = AtanHigh(quarter) + (AtanLow(quarter) + series + t);
        if (size > 1) atan = HalfPi - (atan - HalfPiMiddle);
        return x < 0 ? -atan : atan;
    }

    public static float Atan(float x) => (float)Atan((double)x);

    static double SinOf(double r, double low)
    {
        var z = r * r;
        var series = 1 / 120.0 + z * (-1 / 5040.0 + z * (1 / 362880.0
            + z * (-1 / 39916800.0
                + z * (1 / 6227020800.0 + z * (-1 / 1307674368000.0 + z * (1 / 355687428096000.0))))));
        return r + (z * (r * (-1 / 6.0 + z * series)) + (low - 0.5 * z * low));
    }

    static double CosOf(double r, double low)
    {
        var z = r * r;
        var half = 0.5 * z;
        var near = 1 - half;
        return near + ((1 - near - half) + (z * z * (1 / 24.0 + z * (-1 / 720.0 + z * (1 / 40320.0
            + z * (-1 / 3628800.0 + z * (1 / 479001600.0 + z * (-1 / 87178291200.0
            + z * (1 / 20922789888000.0 + z * (-1 / 6402373705728000.0)))))))) - r * low));
    }

    // r and low with x = quadrant π/2 + r + low.
    static double Reduce(double x, out double low, out int quadrant)
    {
        if (x > 1e5 || x < -1e5) return ReduceLarge(x, out low, out quadrant);
        quadrant = Nearest(x * InverseHalfPi);
        return Difference(Math.FusedMultiplyAdd(-quadrant, HalfPi, x), quadrant, out low);
    }

    static double Difference(double first, double quadrant, out double low)
    {
        var middle = quadrant * HalfPiMiddle;
        var middleLow = Math.FusedMultiplyAdd(quadrant, HalfPiMiddle, -middle);
        var r = Sum(first, -middle, out low);
        low -= middleLow + quadrant * HalfPiLow;
        return r;
    }

    /// <summary>
    /// |x| is m 2^e with a whole m of 53 bits. Of m 2^e 2/π the whole part matters by its last two bits, so the bits of
    /// 2/π that give more are left out, and those that give less than 2^-130: what is left are six words, whose product
    /// with m is taken modulo 2^192.
    /// </summary>
    static double ReduceLarge(double x, out double low, out int quadrant)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var m = (ulong)(bits & 0x000fffffffffffff) | 0x0010000000000000;
        var first = (int)((bits >> 52) & 0x7ff) - 1075 - 2;
        var (m0, m1) = (m & 0xffffffff, m >> 32);
        var carry = 0UL;
        var high = 0UL;
        var rest = 0UL;
        for (var i = 5; i >= 0; i--)
        {
            var part = Window(first + 32 * i);
            var product = m0 * part + (carry & 0xffffffff);
            carry = (carry >> 32) + (product >> 32) + m1 * part;
            // The last four words that come: 128 bits behind the point of the whole quarter turns, two bits before it.
            rest = rest >> 32 | high << 32;
            high = high >> 32 | product << 32;
        }
        quadrant = (int)(high >> 62);
        high = high << 2 | rest >> 62;
        rest <<= 2;
        // The nearest quadrant: a fraction above a half counts down from the next.
        var countsDown = high >> 63 != 0;
        if (countsDown)
        {
            quadrant++;
            high = ~high;
            rest = ~rest;
        }
        var fraction = Sum((high >> 32) * TwoToMinus32, (high & 0xffffffff) * (TwoToMinus32 * TwoToMinus32),
            out var fractionLow);
        fraction = Sum(fraction, fractionLow + (rest >> 32) * (TwoToMinus32 * TwoToMinus32 * TwoToMinus32),
            out fractionLow);
        var r = fraction * HalfPi;
        low = Math.FusedMultiplyAdd(fraction, HalfPi, -r) + (fraction * HalfPiMiddle + fractionLow * HalfPi);
        if (x < 0) quadrant = -quadrant;
        if (countsDown == x < 0) return r;
        low = -low;
        return -r;
    }

    // 32 bits of 2/π from a bit on, counted from behind the point; zeros before it.
    static ulong Window(int bit)
    {
        var word = bit >> 5;
        var shift = bit & 31;
        var both = (ulong)InverseHalfPiBits(word) << 32 | InverseHalfPiBits(word + 1);
        return (both >> (32 - shift)) & 0xffffffff;
    }

    static double AtanHigh(int quarter) => quarter switch
    {
        0 => 0,
        1 => 0.24497866312686414,
        2 => 0.4636476090008061,
        3 => 0.6435011087932844,
        _ => 0.7853981633974483,
    };

    static double AtanLow(int quarter) => quarter switch
    {
        0 => 0,
        1 => 1.0698755618734451e-17,
        2 => 2.2698777452961687e-17,
        3 => 1.5834785051444286e-17,
        _ => 3.061616997868383e-17,
    };

    static uint InverseHalfPiBits(int word) => word switch
    {
        0 => 0xa2f9836e,
        1 => 0x4e441529,
        2 => 0xfc2757d1,
        3 => 0xf534ddc0,
        4 => 0xdb629599,
        5 => 0x3c439041,
        6 => 0xfe5163ab,
        7 => 0xdebbc561,
        8 => 0xb7246e3a,
        9 => 0x424dd2e0,
        10 => 0x06492eea,
        11 => 0x09d1921c,
        12 => 0xfe1deb1c,
        13 => 0xb129a73e,
        14 => 0xe88235f5,
        15 => 0x2ebb4484,
        16 => 0xe99c7026,
        17 => 0xb45f7e41,
        18 => 0x3991d639,
        19 => 0x835339f4,
        20 => 0x9c845f8b,
        21 => 0xbdf9283b,
        22 => 0x1ff897ff,
        23 => 0xde05980f,
        24 => 0xef2f118b,
        25 => 0x5a0a6d1f,
        26 => 0x6d367ecf,
        27 => 0x27cb09b7,
        28 => 0x4f463f66,
        29 => 0x9e5fea2d,
        30 => 0x7527bac7,
        31 => 0xebe5f17b,
        32 => 0x3d0739f7,
        33 => 0x8a5292ea,
        34 => 0x6bfb5fb1,
        35 => 0x1f8d5d08,
        36 => 0x56033046,
        37 => 0xfc7b6bab,
        38 => 0xf0cfbc20,
        39 => 0x9af4361d,
        _ => 0,
    };
}
