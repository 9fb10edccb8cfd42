using ILGPU;

namespace LdNetGpu.Dialect;

public static partial class Cuda
{
    /// <summary>Loads and stores of 16 bytes by one instruction. The first element lies on a multiple of 16 bytes.</summary>
    public static class Vector
    {
        /// <summary>Elements <paramref name="index"/> to <paramref name="index"/> + 3.</summary>
        public static Float4 Load(ArrayView<float> view, long index) => throw KernelOnly.Call();

        /// <summary>Elements <paramref name="index"/> and <paramref name="index"/> + 1.</summary>
        public static Double2 Load(ArrayView<double> view, long index) => throw KernelOnly.Call();

        /// <inheritdoc cref="Load(ArrayView{float}, long)"/>
        public static void Store(ArrayView<float> view, long index, Float4 value) => throw KernelOnly.Call();

        /// <inheritdoc cref="Load(ArrayView{double}, long)"/>
        public static void Store(ArrayView<double> view, long index, Double2 value) => throw KernelOnly.Call();
    }
}

/// <summary>16 bytes of floats.</summary>
public readonly record struct Float4(float X, float Y, float Z, float W);

/// <summary>16 bytes of doubles.</summary>
public readonly record struct Double2(double X, double Y);
