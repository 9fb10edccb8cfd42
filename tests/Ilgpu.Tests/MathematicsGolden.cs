using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>One function's values to 106 bits, and how far others may be off.</summary>
sealed class MathematicsGolden
{
    /// <summary>Largest errors in units in the last place, of <see cref="Devices.Ilgpu.DeviceMath"/>.</summary>
    static readonly Dictionary<string, (double Double, double Float)> Ours = new()
    {
        ["Exp"] = (1.1, 1.1), ["Exp2"] = (1, 0.6), ["ExpM1"] = (1.1, 1.5), ["Log"] = (1, 1), ["Log2"] = (0.6, 0.6),
        ["Log10"] = (0.6, 0.6),
        ["LogP1"] = (1.5, 0.6), ["Tanh"] = (2, 2), ["Sin"] = (1.5, 0.6), ["Cos"] = (1.5, 0.6), ["Tan"] = (2, 0.6),
        ["Atan"] = (1.5, 0.6), ["Pow"] = (1, 0.6), ["Sqrt"] = (0.5, 0.5), ["Rsqrt"] = (1.5, 1.5), ["Rcp"] = (0.5, 0.5),
    };

    /// <summary>What is asked of the functions that the generated text calls.</summary>
    static readonly Dictionary<string, (double Double, double Float)> Cudas = new()
    {
        ["Exp"] = (1, 1), ["Exp2"] = (1, 2), ["ExpM1"] = (1, 1), ["Log"] = (1, 1), ["Log2"] = (1, 1),
        ["Log10"] = (1, 2), ["LogP1"] = (1, 1),
        ["Tanh"] = (1, 2), ["Sin"] = (2, 2), ["Cos"] = (2, 2), ["Tan"] = (2, 4), ["Atan"] = (2, 2), ["Pow"] = (2, 4),
        // Not CUDA's functions but instructions that IEEE rounds.
        ["Sqrt"] = (0.5, 0.5), ["Rsqrt"] = (1.5, 1.5), ["Rcp"] = (0.5, 0.5),
    };

    readonly string name;
    readonly double[] high, low;

    public MathematicsGolden(string name)
    {
        var golden = Golden.Load("mathematics").Case(name);
        (this.name, X, high, low) = (name, golden.Values("x"), golden.Values("high"), golden.Values("low"));
        Y = golden.Has("y") ? golden.Values("y") : X;
    }

    public double[] X { get; }

    public double[] Y { get; }

    public void Check(double[] found, KernelCompiler compiler)
    {
        Worst(found.Length,
            i => Error(found[i], high[i], low[i], Math.BitIncrement(Math.Abs(high[i])) - Math.Abs(high[i])),
            Bound(compiler).Double, "double",
            i => $"{name}({X[i]:R}, {Y[i]:R}) is {found[i]:R}, not {high[i]:R}");
    }

    /// <summary>The golden's arguments as floats, where the value is a normal float.</summary>
    public (float[] X, float[] Y) FloatArguments()
    {
        var kept = Enumerable.Range(0, X.Length).Where(i => float.IsFinite((float)X[i]) && float.IsFinite((float)Y[i])
            && Math.Abs(InDouble((float)X[i], (float)Y[i])) is > 1.2e-38 and < 3.4e38).ToArray();
        return ([.. kept.Select(i => (float)X[i])], [.. kept.Select(i => (float)Y[i])]);
    }

    /// <summary>Against .NET's own functions in double.</summary>
    public void CheckFloats(float[] x, float[] y, float[] found, KernelCompiler compiler) =>
        Worst(found.Length, i =>
        {
            var exact = InDouble(x[i], y[i]);
            var size = Math.Abs((float)exact);
            return Error(found[i], exact, 0, MathF.BitIncrement(size) - size);
        }, Bound(compiler).Float, "float",
            i => $"{name}({x[i]:R}, {y[i]:R}) is {found[i]:R}, not {InDouble(x[i], y[i]):R}");

    // A unit on top: where the tests' driver stands in for a GPU, the C library's functions do for CUDA's.
    (double Double, double Float) Bound(KernelCompiler compiler) =>
        compiler == KernelCompiler.Ilgpu ? Ours[name] : (Cudas[name].Double + 1, Cudas[name].Float + 1);

    void Worst(int count, Func<int, double> error, double bound, string type, Func<int, string> what)
    {
        Assert.True(count > 300, $"{name}: {count} values only.");
        var (worst, worstIndex) = (0.0, 0);
        for (var i = 0; i < count; i++)
            if (error(i) is var one && !(one <= worst)) (worst, worstIndex) = (one, i);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name} {type}: {worst:F2} ulp");
        Assert.True(worst <= bound, $"{what(worstIndex)}: {worst:F2} ulp.");
    }

    // The unit is that of the exact value; what rounds to it is off by at most half of one.
    static double Error(double value, double high, double low, double unit) => Math.Abs(value - high - low) / unit;

    double InDouble(double x, double y) => name switch
    {
        "Exp" => Math.Exp(x),
        "Exp2" => Math.Pow(2, x),
        "ExpM1" => Math.Abs(x) < 1e-5 ? x + x * x / 2 + x * x * x / 6 : Math.Exp(x) - 1,
        "Log" => Math.Log(x),
        "Log2" => Math.Log2(x),
        "Log10" => Math.Log10(x),
        "LogP1" => Math.Abs(x) < 1e-5 ? x - x * x / 2 + x * x * x / 3 : Math.Log(1 + x),
        "Tanh" => Math.Tanh(x),
        "Sin" => Math.Sin(x),
        "Cos" => Math.Cos(x),
        "Tan" => Math.Tan(x),
        "Atan" => Math.Atan(x),
        "Sqrt" => Math.Sqrt(x),
        "Rsqrt" => 1 / Math.Sqrt(x),
        "Rcp" => 1 / x,
        _ => Math.Pow(x, y),
    };
}
