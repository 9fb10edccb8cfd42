namespace LdNetGpu.Dialect;

/// <summary>What ILGPU compiles where a kernel calls a function.</summary>
enum IlgpuFunction
{
    /// <summary>Its own.</summary>
    Own,

    /// <summary>
    /// DeviceMath's: ILGPU's are the hardware's approximations for float (exp off by 3.7e-6 of its value), and CORDIC
    /// for double, where tanh(400) is NaN, log(1) is not 0, and sin(1e300) never ends.
    /// </summary>
    DeviceMath,

    /// <summary>PtxMath's: ILGPU has none, or one that loses the sign of a 0.</summary>
    PtxMath,

    /// <summary>Exactly's: ILGPU's takes -0 for positive.</summary>
    Exactly,
}

/// <summary>
/// A function of floating-point numbers that kernels call, as the generator, the preludes and ILGPU's compiler read it:
/// T.Exp(x), MathF.Exp(x) and XMath.Exp(x) are XMath_Exp(x) in the generated texts. What depends on the type besides
/// (Max, Clamp, constants) is the generator's.
/// </summary>
/// <param name="Name">C#'s name.</param>
/// <param name="Operands">How many it takes, 1 to 3.</param>
/// <param name="C">The name in OpenCL C and, for double, in CUDA C++, where an f follows for float; null where the
/// texts write it out.</param>
/// <param name="Ilgpu">What ILGPU's compiler puts in its place.</param>
sealed record MathFunction(string Name, int Operands, string? C, IlgpuFunction Ilgpu = IlgpuFunction.Own)
{
    static readonly string[] Names = ["x", "y", "z"];

    /// <summary>All of them; one stands after those that it is written with.</summary>
    public static readonly MathFunction[] All =
    [
        new("Exp", 1, "exp", IlgpuFunction.DeviceMath),
        new("Exp2", 1, "exp2", IlgpuFunction.DeviceMath),
        new("ExpM1", 1, "expm1", IlgpuFunction.DeviceMath),
        new("Log", 1, "log", IlgpuFunction.DeviceMath),
        new("Log2", 1, "log2", IlgpuFunction.DeviceMath),
        new("Log10", 1, "log10", IlgpuFunction.DeviceMath),
        new("LogP1", 1, "log1p", IlgpuFunction.DeviceMath),
        new("Tanh", 1, "tanh", IlgpuFunction.DeviceMath),
        new("Sin", 1, "sin", IlgpuFunction.DeviceMath),
        new("Cos", 1, "cos", IlgpuFunction.DeviceMath),
        new("Tan", 1, "tan", IlgpuFunction.DeviceMath),
        new("Atan", 1, "atan", IlgpuFunction.DeviceMath),
        new("Pow", 2, "pow", IlgpuFunction.DeviceMath),
        new("Floor", 1, "floor", IlgpuFunction.PtxMath),
        new("Ceiling", 1, "ceil", IlgpuFunction.PtxMath),
        new("Round", 1, "rint", IlgpuFunction.PtxMath),
        new("Truncate", 1, "trunc", IlgpuFunction.PtxMath),
        new("FusedMultiplyAdd", 3, "fma", IlgpuFunction.PtxMath),
        new("CopySign", 2, "copysign", IlgpuFunction.Exactly),
        new("Abs", 1, "fabs"),
        new("Max", 2, "fmax"),
        new("Min", 2, "fmin"),
        new("Sqrt", 1, "sqrt"),
        new("Rsqrt", 1, null) { Cuda = "T(1) / XMath_Sqrt(x)", OpenCl = "1 / sqrt(x)" },
        new("Rcp", 1, null) { Cuda = "T(1) / x", OpenCl = "1 / (x)" },
        new("IsNaN", 1, null) { Result = "bool", Cuda = "x != x", OpenCl = "isnan(x) != 0" },
        new("IsInfinity", 1, null) { Result = "bool", Cuda = "x == INFINITY || x == -INFINITY",
            OpenCl = "isinf(x) != 0" },
        new("IsFinite", 1, null) { Result = "bool", Cuda = "x - x == T(0)", OpenCl = "isfinite(x) != 0" },
    ];

    /// <summary>Its result as CUDA C++ names it, where T is the type of the operands.</summary>
    public string Result { get; init; } = "T";

    /// <summary>What CUDA C++ writes for it, in x of type T.</summary>
    public string? Cuda { get; init; }

    /// <summary>What OpenCL C writes for it, in x as a macro takes it.</summary>
    public string? OpenCl { get; init; }

    /// <summary>Its name in the generated texts.</summary>
    public string Text => "XMath_" + Name;

    /// <summary>Its definition in CUDA C++.</summary>
    public string CudaDefinition => C is null
        ? $"template <typename T> DEVICE {Result} {Text}(T x) {{ return {Cuda}; }}"
        : CudaOverload("float", C + "f") + "\n" + CudaOverload("double", C);

    /// <summary>Its definition in OpenCL C, whose functions are overloaded.</summary>
    public string OpenClDefinition => C is null ? $"#define {Text}(x) ({OpenCl})" : $"#define {Text} {C}";

    string CudaOverload(string type, string name)
    {
        var operands = Names.Take(Operands).ToList();
        var parameters = string.Join(", ", operands.Select(operand => $"{type} {operand}"));
        return $"DEVICE {type} {Text}({parameters}) {{ return {name}({string.Join(", ", operands)}); }}";
    }
}
