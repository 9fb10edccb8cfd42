using System.Runtime.CompilerServices;
using ILGPU.Algorithms.ScanReduceOperations;

namespace LdNetGpu.Devices.Managed;

// A lane offers a value and waits; when all have come, each reads what the others offered.
public sealed partial class Lane
{
    const int LargestValue = 64;
    byte[] offered = new byte[LargestValue], published = new byte[LargestValue];

    public BarrierScope GroupBarrier(int point) => Wait(BarrierScope.Group, point);

    public BarrierScope WarpBarrier(int point) => Wait(BarrierScope.Warp, point);

    public BarrierScope GridBarrier(int point) => Wait(BarrierScope.Grid, point);

    /// <summary>Brings a value to a scope, and waits for it.</summary>
    public BarrierScope Offer<T>(BarrierScope scope, T value, int point) where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > LargestValue)
            throw new NotSupportedException($"{typeof(T).Name} has {Unsafe.SizeOf<T>()} bytes: lanes exchange at most {LargestValue}.");
        Unsafe.As<byte, T>(ref offered[0]) = value;
        return Wait(scope, point);
    }

    BarrierScope Wait(BarrierScope rendezvous, int point)
    {
        Point = point;
        return rendezvous;
    }

    internal void Publish()
    {
        (offered, published) = (published, offered);
        IsWaiting = false;
    }

    T Published<T>() where T : unmanaged => Unsafe.As<byte, T>(ref published[0]);

    ReadOnlySpan<Lane> WarpLanes
    {
        get
        {
            var start = Number / WarpSize * WarpSize;
            return group.Lanes.Slice(start, Math.Min(WarpSize, group.Lanes.Length - start));
        }
    }

    public T GroupBroadcast<T>(int lane) where T : unmanaged => group.Lanes[lane].Published<T>();

    public int GroupBarrierPopCount()
    {
        if (group.Combined is int known) return known;
        var count = 0;
        foreach (var lane in group.Lanes) count += lane.Published<bool>() ? 1 : 0;
        group.Combined = count;
        return count;
    }

    public bool GroupBarrierAnd() => GroupBarrierPopCount() == group.Lanes.Length;

    public bool GroupBarrierOr() => GroupBarrierPopCount() > 0;

    public T GroupReduce<T, TReduction>() where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => GroupAllReduce<T, TReduction>();

    public T GroupAllReduce<T, TReduction>() where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => Prefixes<T, TReduction>()[^1];

    public T GroupExclusiveScan<T, TScan>() where T : unmanaged where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>()[Number];

    public T GroupInclusiveScan<T, TScan>() where T : unmanaged where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>()[Number + 1];

    // The first lane that comes computes them for the group.
    T[] Prefixes<T, TOperation>() where T : unmanaged where TOperation : struct, IScanReduceOperation<T>
    {
        if (group.Combined is T[] known) return known;
        var prefixes = Prefixes<T, TOperation>(group.Lanes);
        group.Combined = prefixes;
        return prefixes;
    }

    static T[] Prefixes<T, TOperation>(ReadOnlySpan<Lane> lanes) where T : unmanaged where TOperation : struct, IScanReduceOperation<T>
    {
        var operation = default(TOperation);
        var prefixes = new T[lanes.Length + 1];
        prefixes[0] = operation.Identity;
        for (var i = 0; i < lanes.Length; i++) prefixes[i + 1] = i == 0 ? lanes[0].Published<T>() : operation.Apply(prefixes[i], lanes[i].Published<T>());
        return prefixes;
    }

    public T WarpReduce<T, TReduction>() where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => WarpAllReduce<T, TReduction>();

    public T WarpAllReduce<T, TReduction>() where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => Prefixes<T, TReduction>(WarpLanes)[^1];

    public T WarpExclusiveScan<T, TScan>()
        where T : unmanaged where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>(WarpLanes)[Number % WarpSize];

    public T WarpInclusiveScan<T, TScan>()
        where T : unmanaged where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>(WarpLanes)[Number % WarpSize + 1];

    public T WarpShuffle<T>(int sourceLane, int width = WarpSize) where T : unmanaged => FromWarp<T>(PartStart(width) + (sourceLane & (width - 1)));

    public T WarpBroadcast<T>(int laneIndex) where T : unmanaged => FromWarp<T>(laneIndex);

    public T WarpShuffleDown<T>(int delta, int width = WarpSize) where T : unmanaged
    {
        var source = Number % WarpSize + delta;
        return FromWarp<T>(source < PartStart(width) + width ? source : Number % WarpSize);
    }

    public T WarpShuffleUp<T>(int delta, int width = WarpSize) where T : unmanaged
    {
        var source = Number % WarpSize - delta;
        return FromWarp<T>(source >= PartStart(width) ? source : Number % WarpSize);
    }

    public T WarpShuffleXor<T>(int mask, int width = WarpSize) where T : unmanaged
    {
        var source = Number % WarpSize ^ mask;
        return FromWarp<T>(source < PartStart(width) + width ? source : Number % WarpSize);
    }

    int PartStart(int width) => Number % WarpSize / width * width;

    // A lane that a part-filled warp lacks gives back one's own value, as hardware leaves it undefined.
    T FromWarp<T>(int lane) where T : unmanaged => (lane < WarpLanes.Length ? WarpLanes[lane] : this).Published<T>();
}
