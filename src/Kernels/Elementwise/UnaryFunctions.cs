using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>The functions of <see cref="Unary"/> and their derivatives over spans.</summary>
static class UnaryFunctions<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Map(Unary function, ReadOnlySpan<T> x, Span<T> output)
    {
        switch (function)
        {
            case Unary.Relu: TensorPrimitives.Max(x, T.Zero, output); break;
            case Unary.Sigmoid: VectorLoop.Map<T, Sigmoid>(x, output); break;
            case Unary.Tanh: VectorLoop.Map<T, Tanh>(x, output); break;
            case Unary.Exp: VectorLoop.Map<T, Exp>(x, output); break;
            case Unary.Log: TensorPrimitives.Log(x, output); break;
            case Unary.Square: TensorPrimitives.Multiply(x, x, output); break;
            case Unary.Negate: TensorPrimitives.Negate(x, output); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "No such function.");
        }
    }

    /// <summary>
    /// inputGradient (+)= gradient ∘ f'. Saved is the input for Log and Square, else the output; Negate reads neither.
    /// </summary>
    public static void MapBackward(Unary function, ReadOnlySpan<T> saved, ReadOnlySpan<T> gradient,
        Span<T> inputGradient, bool accumulate)
    {
        switch (function)
        {
            case Unary.Relu: VectorLoop.Zip<T, ReluSlope>(saved, gradient, inputGradient, accumulate); break;
            case Unary.Sigmoid: VectorLoop.Zip<T, SigmoidSlope>(saved, gradient, inputGradient, accumulate); break;
            case Unary.Tanh: VectorLoop.Zip<T, TanhSlope>(saved, gradient, inputGradient, accumulate); break;
            case Unary.Exp: VectorLoop.Zip<T, ExpSlope>(saved, gradient, inputGradient, accumulate); break;
            case Unary.Log: VectorLoop.Zip<T, LogSlope>(saved, gradient, inputGradient, accumulate); break;
            case Unary.Square: VectorLoop.Zip<T, SquareSlope>(saved, gradient, inputGradient, accumulate); break;
            case Unary.Negate: VectorLoop.Zip<T, NegateSlope>(saved, gradient, inputGradient, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "No such function.");
        }
    }

    struct Sigmoid : IVectorMap<T>
    {
        public static Vector<T> Apply(Vector<T> x) => Transcendental<SimdNative<T>, Vector<T>, T>.Sigmoid(x);
    }

    struct Tanh : IVectorMap<T>
    {
        public static Vector<T> Apply(Vector<T> x) => Transcendental<SimdNative<T>, Vector<T>, T>.Tanh(x);
    }

    struct Exp : IVectorMap<T>
    {
        public static Vector<T> Apply(Vector<T> x) => Transcendental<SimdNative<T>, Vector<T>, T>.Exp(x);
    }

    struct ReluSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> y, Vector<T> gradient) =>
            Vector.ConditionalSelect(Vector.GreaterThan(y, Vector<T>.Zero), gradient, Vector<T>.Zero);
    }

    struct SigmoidSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> y, Vector<T> gradient) => gradient * (y * (Vector<T>.One - y));
    }

    struct TanhSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> y, Vector<T> gradient) => gradient * (Vector<T>.One - y * y);
    }

    struct ExpSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> y, Vector<T> gradient) => gradient * y;
    }

    struct LogSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> x, Vector<T> gradient) => gradient / x;
    }

    struct SquareSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> x, Vector<T> gradient) => gradient * (x + x);
    }

    struct NegateSlope : IVectorZip<T>
    {
        public static Vector<T> Apply(Vector<T> unused, Vector<T> gradient) => -gradient;
    }
}
