namespace LdNetGpu.Devices.Ilgpu;

/// <summary>Powers, with C99's special cases, which are C#'s: x^y = e^(y ln x), the exponent in two parts.</summary>
static partial class DeviceMath
{
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        var size = x < 0 ? -x : x;
        var grows = size > 1 == y > 0;
        if (y == double.PositiveInfinity || y == double.NegativeInfinity)
            return size == 1 ? 1 : grows ? double.PositiveInfinity : 0;
        var isNegative = BitConverter.DoubleToInt64Bits(x) < 0;
        var sign = isNegative && IsOdd(y) ? -1.0 : 1.0;
        if (size == 0 || size == double.PositiveInfinity) return sign * (grows ? double.PositiveInfinity : 0);
        if (isNegative && !IsWhole(y)) return double.NaN;
        var high = LogParts(size, out var low);
        var exponent = y * high;
        if (exponent > 709.8) return sign * double.PositiveInfinity;
        if (exponent < -745.2) return sign * 0;
        return sign * ExpOf(exponent, Math.FusedMultiplyAdd(y, high, -exponent) + y * low);
    }

    public static float Pow(float x, float y) => (float)Pow((double)x, (double)y);

    // From 2^53 on every number is whole and even.
    static bool IsWhole(double y) => y >= 9007199254740992.0 || y <= -9007199254740992.0 || (long)y == y;

    static bool IsOdd(double y) => y < 9007199254740992.0 && y > -9007199254740992.0 && (long)y == y
        && ((long)y & 1) != 0;
}
