using System.Numerics;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>The functions of <see cref="Unary"/> and their slopes, for kernels.</summary>
static class UnaryKernelFunctions
{
    public static T Apply<T>(int function, T x) where T : unmanaged, IFloatingPointIeee754<T> => function switch
    {
        // Not Max, which would turn a NaN into 0.
        (int)Unary.Relu => x < T.Zero ? T.Zero : x,
        (int)Unary.Sigmoid => Sigmoid(x),
        (int)Unary.Tanh => T.Tanh(x),
        (int)Unary.Exp => T.Exp(x),
        (int)Unary.Log => T.Log(x),
        (int)Unary.Square => x * x,
        _ => -x,
    };

    /// <summary>gradient · f', from the input for Log and Square, else from the output.</summary>
    public static T Backward<T>(int function, T saved, T gradient)
        where T : unmanaged, IFloatingPointIeee754<T> => function switch
    {
        (int)Unary.Relu => saved > T.Zero ? gradient : T.Zero,
        (int)Unary.Sigmoid => gradient * (saved * (T.One - saved)),
        (int)Unary.Tanh => gradient * (T.One - saved * saved),
        (int)Unary.Exp => gradient * saved,
        (int)Unary.Log => gradient / saved,
        (int)Unary.Square => gradient * (saved + saved),
        _ => -gradient,
    };

    /// <summary>σ(x) = 1 / (1 + e^-x): where e^-x overflows, the limit 0 comes out by itself.</summary>
    public static T Sigmoid<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
}
