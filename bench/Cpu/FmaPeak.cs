using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LdNetGpu.Bench;

/// <summary>
/// What the processor's multiply-add units could do: independent multiply-adds in registers, nothing loaded or stored.
/// </summary>
static class FmaPeak
{
    const int StepsPerCall = 10_000, CallsPerTry = 200, Chains = 12, Tries = 5;

    /// <summary>
    /// FLOP/s of all threads together in float, a multiply-add counted as two: the best of some tries.
    /// </summary>
    public static double Measure(int threads) => Vector512.IsHardwareAccelerated
        ? Best<Wide512, Vector512<float>>(threads)
        : Best<Native, Vector<float>>(threads);

    static double Best<TSimd, TVector>(int threads) where TSimd : ISimd<TVector> =>
        Enumerable.Range(0, Tries).Max(_ => Try<TSimd, TVector>(threads));

    static double Try<TSimd, TVector>(int threads) where TSimd : ISimd<TVector>
    {
        var (sums, seconds) = (new float[threads], new double[threads]);
        using var together = new Barrier(threads);
        var workers = Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            Loop<TSimd, TVector>(StepsPerCall);
            together.SignalAndWait();
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < CallsPerTry; call++) sums[index] += Loop<TSimd, TVector>(StepsPerCall);
            seconds[index] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        // Looked at, so that the loop is not left out as being of no use.
        if (sums.Any(float.IsNaN)) throw new InvalidOperationException("The multiply-adds gave no numbers.");
        return 2.0 * threads * CallsPerTry * StepsPerCall * Chains * TSimd.Count / seconds.Max();
    }

    // Two units, each with up to five cycles from a multiply-add to its result: twelve chains keep both busy, and fit
    // into sixteen registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Loop<TSimd, TVector>(int steps) where TSimd : ISimd<TVector>
    {
        var (half, quarter) = (TSimd.Broadcast(0.5f), TSimd.Broadcast(0.25f));
        TVector a = half, b = half, c = half, d = half, e = half, f = half;
        TVector g = half, h = half, i = half, j = half, k = half, l = half;
        for (var step = 0; step < steps; step++)
        {
            a = TSimd.MultiplyAdd(a, half, quarter);
            b = TSimd.MultiplyAdd(b, half, quarter);
            c = TSimd.MultiplyAdd(c, half, quarter);
            d = TSimd.MultiplyAdd(d, half, quarter);
            e = TSimd.MultiplyAdd(e, half, quarter);
            f = TSimd.MultiplyAdd(f, half, quarter);
            g = TSimd.MultiplyAdd(g, half, quarter);
            h = TSimd.MultiplyAdd(h, half, quarter);
            i = TSimd.MultiplyAdd(i, half, quarter);
            j = TSimd.MultiplyAdd(j, half, quarter);
            k = TSimd.MultiplyAdd(k, half, quarter);
            l = TSimd.MultiplyAdd(l, half, quarter);
        }
        return TSimd.Sum(a) + TSimd.Sum(b) + TSimd.Sum(c) + TSimd.Sum(d) + TSimd.Sum(e) + TSimd.Sum(f)
            + TSimd.Sum(g) + TSimd.Sum(h) + TSimd.Sum(i) + TSimd.Sum(j) + TSimd.Sum(k) + TSimd.Sum(l);
    }

    interface ISimd<TVector>
    {
        static abstract int Count { get; }
        static abstract TVector Broadcast(float value);
        static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
        static abstract float Sum(TVector vector);
    }

    readonly struct Wide512 : ISimd<Vector512<float>>
    {
        public static int Count => Vector512<float>.Count;

        public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> MultiplyAdd(
            Vector512<float> left, Vector512<float> right, Vector512<float> term) =>
            Vector512.FusedMultiplyAdd(left, right, term);

        public static float Sum(Vector512<float> vector) => Vector512.Sum(vector);
    }

    readonly struct Native : ISimd<Vector<float>>
    {
        public static int Count => Vector<float>.Count;

        public static Vector<float> Broadcast(float value) => new(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend) =>
            Vector.FusedMultiplyAdd(left, right, addend);

        public static float Sum(Vector<float> vector) => Vector.Sum(vector);
    }
}
