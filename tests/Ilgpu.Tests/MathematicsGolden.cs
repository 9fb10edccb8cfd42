namespace LdNetGpu.Tests;

/// <summary>One function's values to 106 bits, and how far others may be off.</summary>
sealed class MathematicsGolden(string name)
{
    readonly Golden golden = Golden.Load("mathematics").Case(name);

    /// <summary>Largest errors in units in the last place, for double.</summary>
    static readonly Dictionary<string, double> Ulps = new()
    {
        ["Exp"] = 1.5, ["Exp2"] = 1, ["ExpM1"] = 2, ["Log"] = 1, ["Log2"] = 1, ["Log10"] = 1, ["LogP1"] = 1.5, ["Tanh"] = 2,
        ["Sin"] = 1, ["Cos"] = 1, ["Tan"] = 2, ["Atan"] = 1.5, ["Pow"] = 1,
    };

    public static IEnumerable<string> Functions => Ulps.Keys;

    public void Check(Func<double, double, double> function)
    {
        var (x, high, low) = (golden.Values("x"), golden.Values("high"), golden.Values("low"));
        var y = golden.Has("y") ? golden.Values("y") : x;
        var (worst, at) = (0.0, 0);
        for (var i = 0; i < x.Length; i++)
        {
            var error = Error(function(x[i], y[i]), high[i], low[i]);
            if (!(error <= worst)) (worst, at) = (error, i);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {worst:F2} ulp");
        Assert.True(worst <= Ulps[name], $"{name}({x[at]:R}, {y[at]:R}) is {function(x[at], y[at]):R}, not {high[at]:R}: {worst:F2} ulp.");
    }

    // The unit is that of the exact value; what rounds to it is off by at most half of one.
    static double Error(double value, double high, double low)
    {
        var size = Math.Abs(high);
        return Math.Abs(value - high - low) / (Math.BitIncrement(size) - size);
    }
}
