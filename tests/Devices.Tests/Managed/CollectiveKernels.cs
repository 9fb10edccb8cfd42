using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Every collective of the dialect, each lane's result written out.</summary>
static partial class CollectiveKernels
{
    [Kernel]
    internal static void Groups<T>(ArrayView<T> x, ArrayView<T> sums, ArrayView<T> before, ArrayView<T> upTo,
        ArrayView<T> sent)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lane = Group.IdxX;
        var sum = GroupExtensions.AllReduce<T, Add<T>>(x[lane]);
        sums[lane] = sum;
        before[lane] = GroupExtensions.ExclusiveScan<T, Add<T>>(x[lane]);
        upTo[lane] = Doubled(x[lane]);
        sent[lane] = Group.Broadcast(x[lane], 3);
    }

    static T Doubled<T>(T value) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var scanned = GroupExtensions.InclusiveScan<T, Add<T>>(value);
        return scanned + scanned;
    }

    [Kernel]
    internal static void Votes(ArrayView<int> counts, int bound)
    {
        var count = Group.BarrierPopCount(Group.IdxX < bound);
        var all = Group.BarrierAnd(Group.IdxX < bound);
        var any = Group.BarrierOr(Group.IdxX < bound);
        counts[Group.IdxX] = count * 4 + (all ? 2 : 0) + (any ? 1 : 0);
    }

    [Kernel]
    internal static void Warps(ArrayView<int> x, ArrayView<int> down, ArrayView<int> up, ArrayView<int> xor,
        ArrayView<int> total)
    {
        var lane = Group.LinearIndex;
        var value = x[lane];
        var next = Warp.ShuffleDown(value, 1);
        down[lane] = next;
        up[lane] = Warp.ShuffleUp(value, 2, 8);
        xor[lane] = Warp.ShuffleXor(value, 5);
        for (var step = Warp.WarpSize / 2; step > 0; step /= 2)
        {
            var other = Warp.ShuffleXor(value, step);
            value += other;
        }
        total[lane] = value;
    }
}
