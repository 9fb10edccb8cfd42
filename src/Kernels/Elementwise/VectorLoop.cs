using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>A function of one vector.</summary>
interface IVectorMap<T> where T : unmanaged
{
    static abstract Vector<T> Apply(Vector<T> x);
}

/// <summary>A function of two vectors.</summary>
interface IVectorZip<T> where T : unmanaged
{
    static abstract Vector<T> Apply(Vector<T> a, Vector<T> b);
}

/// <summary>
/// Loops over spans a vector at a time. A rest shorter than a vector goes through a vector padded with zeros, so that
/// every element takes the same instructions and a function is written once.
/// </summary>
static class VectorLoop
{
    public static void Map<T, TMap>(ReadOnlySpan<T> x, Span<T> output) where T : unmanaged
        where TMap : struct, IVectorMap<T>
    {
        var i = 0;
        for (; i <= output.Length - Vector<T>.Count; i += Vector<T>.Count) Store(TMap.Apply(Load(x, i)), output, i);
        if (i < output.Length) StorePart(TMap.Apply(LoadPart(x, i)), output, i);
    }

    public static void Zip<T, TZip>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> output, bool accumulate)
        where T : unmanaged where TZip : struct, IVectorZip<T>
    {
        var i = 0;
        for (; i <= output.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var result = TZip.Apply(Load(a, i), Load(b, i));
            Store(accumulate ? result + Load<T>(output, i) : result, output, i);
        }
        if (i == output.Length) return;
        var last = TZip.Apply(LoadPart(a, i), LoadPart(b, i));
        StorePart(accumulate ? last + LoadPart<T>(output, i) : last, output, i);
    }

    /// <summary>A whole vector from element i on; the caller has checked that it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(ReadOnlySpan<T> source, int i) where T : unmanaged =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector<T> value, Span<T> destination, int i) where T : unmanaged =>
        value.StoreUnsafe(ref MemoryMarshal.GetReference(destination), (nuint)i);

    /// <summary>
    /// The elements from i to the end, fewer than a vector, then zeros or <paramref name="padding"/>.
    /// </summary>
    public static Vector<T> LoadPart<T>(ReadOnlySpan<T> source, int i, T padding = default) where T : unmanaged
    {
        var lanes = new Vector<T>(padding);
        source[i..].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector<T>, T>(ref lanes), Vector<T>.Count));
        return lanes;
    }

    public static void StorePart<T>(Vector<T> value, Span<T> destination, int i) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<Vector<T>, T>(ref value), destination.Length - i)
            .CopyTo(destination[i..]);
}
