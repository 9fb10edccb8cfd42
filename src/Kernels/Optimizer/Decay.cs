namespace LdNetGpu.Kernels.Optimizer;

/// <summary>What moments that decay have lost; for the host and for kernels alike.</summary>
static class Decay
{
    /// <summary>
    /// 1 - decay^steps to full precision. Subtracted as it stands it keeps of 1 - 0.999 three digits less than of the
    /// power, and of the power a device gives the last digits as it can.
    /// </summary>
    public static double OneMinusPower(double decay, double steps) => -ExpM1(steps * Math.Log(decay));

    /// <summary>
    /// e^x - 1. .NET's own subtracts from a power that is rounded already; this is W. Kahan's way around it, right to a
    /// few units in the last place.
    /// </summary>
    public static double ExpM1(double x)
    {
        var power = Math.Exp(x);
        var difference = power - 1;
        if (difference == 0) return x;
        return difference == -1 || double.IsInfinity(power) ? difference : difference * (x / Math.Log(power));
    }

    /// <summary>
    /// 1 - decay^(steps + 1) from 1 - decay^steps: a sum of positive terms, in which nothing cancels.
    /// </summary>
    public static double OneMinusNextPower(double decay, double oneMinusPower) => 1 - decay + decay * oneMinusPower;
}
