using ILGPU;

namespace LdNetGpu.Dialect;

public static partial class Cuda
{
    /// <summary>Loads and stores of 16 bytes by one instruction. The first element lies on a multiple of 16 bytes.</summary>
    public static class Vector
    {
        /// <summary>Elements <paramref name="index"/> to <paramref name="index"/> + 3.</summary>
        public static FloatQuad Load(ArrayView<float> view, long index) => throw KernelOnly.Call();

        /// <summary>Elements <paramref name="index"/> and <paramref name="index"/> + 1.</summary>
        public static DoublePair Load(ArrayView<double> view, long index) => throw KernelOnly.Call();

        /// <inheritdoc cref="Load(ArrayView{float}, long)"/>
        public static void Store(ArrayView<float> view, long index, FloatQuad value) => throw KernelOnly.Call();

        /// <inheritdoc cref="Load(ArrayView{double}, long)"/>
        public static void Store(ArrayView<double> view, long index, DoublePair value) => throw KernelOnly.Call();
    }
}

/// <summary>16 bytes of floats.</summary>
public readonly record struct FloatQuad(float X, float Y, float Z, float W);

/// <summary>16 bytes of doubles.</summary>
public readonly record struct DoublePair(double X, double Y);
