using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// One argument of a launch: a view, a scalar of at most 8 bytes (16 on the managed device), or a specialised value.
/// </summary>
public readonly struct KernelArgument
{
    readonly UInt128 bits;

    KernelArgument(KernelParameterKind kind, MemoryBuffer? memory, long offset, long length, int elementSize,
        UInt128 bits)
    {
        (Kind, Memory, Offset, Length, ElementSize) = (kind, memory, offset, length, elementSize);
        this.bits = bits;
    }

    /// <summary>Which of the three it is.</summary>
    public KernelParameterKind Kind { get; }

    /// <summary>What holds the view's elements; null for an empty view.</summary>
    public MemoryBuffer? Memory { get; }

    /// <summary>The view's first element, in elements of its own type.</summary>
    public long Offset { get; }

    /// <summary>The view's elements.</summary>
    public long Length { get; }

    /// <summary>Bytes of the view's element or of the scalar.</summary>
    public int ElementSize { get; }

    /// <summary>
    /// The scalar's first 8 bytes in memory's order; <see cref="ElementSize"/> of them count.
    /// </summary>
    public ulong Bits => (ulong)bits;

    /// <summary>The same view of other memory.</summary>
    internal KernelArgument With(MemoryBuffer memory) => new(Kind, memory, Offset, Length, ElementSize, bits);

    /// <summary>A view of device memory; an empty one passes a length of 0.</summary>
    /// <param name="view">Of the device that the kernel is launched on.</param>
    public static KernelArgument View<T>(ArrayView<T> view) where T : unmanaged =>
        new(KernelParameterKind.View, view.Memory(), view.Offset(), view.Length, Unsafe.SizeOf<T>(), 0);

    /// <summary>A number by value.</summary>
    /// <param name="value">Of 8 bytes at most, 16 on the managed device.</param>
    /// <exception cref="ArgumentException">T has more than 16 bytes.</exception>
    public static KernelArgument Scalar<T>(T value) where T : unmanaged =>
        new(KernelParameterKind.Scalar, null, 0, 0, Unsafe.SizeOf<T>(), ToBits(value));

    /// <summary>A bool travels as an int of 0 or 1.</summary>
    /// <param name="value">1 for true.</param>
    public static KernelArgument Scalar(bool value) => Scalar(value ? 1 : 0);

    /// <summary>A value that the kernel is compiled for, once for each that is passed.</summary>
    /// <param name="value">One of few: each compiles the kernel once more.</param>
    public static KernelArgument Specialized(int value) =>
        new(KernelParameterKind.Specialized, null, 0, 0, sizeof(int), ToBits(value));

    /// <summary>The scalar or specialised value.</summary>
    /// <typeparam name="T">The type that it was made of; others see the same bits.</typeparam>
    public T Value<T>() where T : unmanaged
    {
        var copy = bits;
        return Unsafe.As<UInt128, T>(ref copy);
    }

    static UInt128 ToBits<T>(T value) where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > Unsafe.SizeOf<UInt128>())
            throw new ArgumentException(
                $"{typeof(T).Name} has {Unsafe.SizeOf<T>()} bytes: a scalar argument has at most 16.", nameof(value));
        UInt128 bits = 0;
        Unsafe.As<UInt128, T>(ref bits) = value;
        return bits;
    }
}
