using ILGPU;

namespace LdNetGpu.Dialect;

public static partial class Cuda
{
    /// <summary>
    /// Loads and stores of 16 bytes by one instruction. The first element lies on a multiple of 16 bytes.
    /// </summary>
    public static class Vector
    {
        /// <summary>Elements <paramref name="index"/> to <paramref name="index"/> + 3.</summary>
        /// <param name="view">In global or shared memory.</param>
        /// <param name="index">Of the first element, which lies on a multiple of 16 bytes.</param>
        /// <exception cref="InvalidOperationException">Called outside a kernel.</exception>
        public static FloatQuad Load(ArrayView<float> view, long index) => throw KernelOnly.Call();

        /// <summary>Elements <paramref name="index"/> and <paramref name="index"/> + 1.</summary>
        /// <inheritdoc cref="Load(ArrayView{float}, long)"/>
        public static DoublePair Load(ArrayView<double> view, long index) => throw KernelOnly.Call();

        /// <inheritdoc cref="Load(ArrayView{float}, long)"/>
        public static void Store(ArrayView<float> view, long index, FloatQuad value) => throw KernelOnly.Call();

        /// <inheritdoc cref="Load(ArrayView{double}, long)"/>
        public static void Store(ArrayView<double> view, long index, DoublePair value) => throw KernelOnly.Call();
    }
}

/// <summary>16 bytes of floats.</summary>
/// <param name="X">The first of the four.</param>
/// <param name="Y">The second.</param>
/// <param name="Z">The third.</param>
/// <param name="W">The last.</param>
public readonly record struct FloatQuad(float X, float Y, float Z, float W);

/// <summary>16 bytes of doubles.</summary>
/// <param name="X">The first of the two.</param>
/// <param name="Y">The second.</param>
public readonly record struct DoublePair(double X, double Y);
