using System.Numerics;
using System.Runtime.InteropServices;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>Dropout in chunks: the random words of a chunk are drawn into the first-level cache, then compared and applied.</summary>
public sealed class CpuDropout<T>(CpuDevice device) : IDropout<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    const int Chunk = 1024;

    public void Apply(MatrixView<T> input, MatrixView<T> output, RandomKey key, float probability, bool accumulate = false)
    {
        var (threshold, scale) = DropoutMask<T>.Checked(input, output, probability);
        var columns = input.Columns;
        CpuLoops.OverSpans(device, input.Rows, columns, input.IsContiguous && output.IsContiguous, (row, column, n) =>
            ApplyRun(input.Run(row, column, n), output.Run(row, column, n), key, (long)row * columns + column, threshold, scale, accumulate));
    }

    static void ApplyRun(ReadOnlySpan<T> input, Span<T> output, RandomKey key, long element, int threshold, T scale, bool accumulate)
    {
        Span<int> bits = stackalloc int[Chunk + 4];
        while (input.Length > 0)
        {
            int n = Math.Min(Chunk, input.Length), skip = (int)(element & 3);
            PhiloxFill.Fill(key, element >> 2, MemoryMarshal.Cast<int, uint>(bits[..((skip + n + 3) & ~3)]));
            Keep(input[..n], bits.Slice(skip, n), output[..n], threshold, scale, accumulate);
            input = input[n..];
            output = output[n..];
            element += n;
        }
    }

    static void Keep(ReadOnlySpan<T> input, ReadOnlySpan<int> bits, Span<T> output, int threshold, T scale, bool accumulate)
    {
        var i = 0;
        if (typeof(T) == typeof(float))
            for (; i <= input.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var uniform = Vector.ShiftRightLogical(VectorLoop.Load(bits, i), 8);
                var mask = Vector.GreaterThan(uniform, new Vector<int>(threshold - 1)).As<int, T>();
                var kept = VectorLoop.Load(input, i) * scale & mask;
                VectorLoop.Store(accumulate ? kept + VectorLoop.Load<T>(output, i) : kept, output, i);
            }
        for (; i < input.Length; i++)
        {
            var kept = (bits[i] >>> 8) >= threshold ? input[i] * scale : T.Zero;
            output[i] = accumulate ? output[i] + kept : kept;
        }
    }
}
