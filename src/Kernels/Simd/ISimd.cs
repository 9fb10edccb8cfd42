using System.Numerics;

namespace LdNetGpu.Kernels.Simd;

/// <summary>The vector widths a CPU kernel can be built with.</summary>
enum SimdWidth { Scalar, Vector128, Vector256, Vector512 }

/// <summary>
/// The few operations kernels need of a vector type, so that one kernel body serves every width.
/// <typeparamref name="TVector"/> is the bare vector, which the JIT keeps in a register.
/// </summary>
unsafe interface ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }
    static abstract TVector Broadcast(T value);
    static abstract TVector Load(T* source);
    static abstract void Store(TVector value, T* destination);
    static abstract TVector Add(TVector left, TVector right);
    static abstract TVector Subtract(TVector left, TVector right);
    static abstract TVector Multiply(TVector left, TVector right);
    static abstract TVector Divide(TVector left, TVector right);
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>value, but at least low and at most high; NaN stays NaN on x86 and ARM.</summary>
    static abstract TVector Clamp(TVector value, TVector low, TVector high);

    /// <summary>left · right + addend, fused where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector value);

    /// <summary>value · 2^exponent for a whole-numbered exponent that keeps the result normal.</summary>
    static abstract TVector Scale(TVector value, TVector exponent);
}

/// <summary>
/// How a whole number in a double comes into an integer's bits without a conversion, for which AVX2 has no instruction.
/// </summary>
static class DoubleBits
{
    /// <summary>1.5 · 2^52: a whole number added to it is in the sum's low bits.</summary>
    public const double WholeNumbers = 6755399441055744;
}
