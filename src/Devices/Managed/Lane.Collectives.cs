using System.Runtime.CompilerServices;
using ILGPU.Algorithms.ScanReduceOperations;

namespace LdNetGpu.Devices.Managed;

// A lane offers a value and waits; when all have come, each reads what the others offered.
public sealed partial class Lane
{
    const int LargestValue = 64;
    byte[] offered = new byte[LargestValue], published = new byte[LargestValue];

    /// <summary>Waits for the lanes of the group.</summary>
    /// <param name="point">
    /// The number of this place among <see cref="Gpu.KernelInstance.Sites"/>: all lanes that meet are at the same.
    /// </param>
    public BarrierScope GroupBarrier(int point) => Wait(BarrierScope.Group, point);

    /// <summary>Waits for the lanes of the warp.</summary>
    /// <inheritdoc cref="GroupBarrier"/>
    public BarrierScope WarpBarrier(int point) => Wait(BarrierScope.Warp, point);

    /// <summary>Waits for the lanes of the grid.</summary>
    /// <inheritdoc cref="GroupBarrier"/>
    public BarrierScope GridBarrier(int point) => Wait(BarrierScope.Grid, point);

    /// <summary>Brings a value to a scope, and waits for it.</summary>
    /// <param name="scope">Who meets.</param>
    /// <param name="value">What the others may read then.</param>
    /// <param name="point">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>.</param>
    /// <exception cref="NotSupportedException">The value has more than 64 bytes.</exception>
    public BarrierScope Offer<T>(BarrierScope scope, T value, int point) where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > LargestValue)
            throw new NotSupportedException(
                $"{typeof(T).Name} has {Unsafe.SizeOf<T>()} bytes: lanes exchange at most {LargestValue}.");
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

    /// <summary>
    /// What a lane of the group has offered: <see cref="ILGPU.Group"/>'s Broadcast, after the meeting.
    /// </summary>
    /// <param name="lane">Its number in the group.</param>
    public T GroupBroadcast<T>(int lane) where T : unmanaged => group.Lanes[lane].Published<T>();

    /// <summary>How many lanes of the group have offered true.</summary>
    public int GroupBarrierPopCount()
    {
        if (group.Combined is int known) return known;
        var count = 0;
        foreach (var lane in group.Lanes) count += lane.Published<bool>() ? 1 : 0;
        group.Combined = count;
        return count;
    }

    /// <summary>Whether all lanes of the group have offered true.</summary>
    public bool GroupBarrierAnd() => GroupBarrierPopCount() == group.Lanes.Length;

    /// <summary>Whether any lane of the group has offered true.</summary>
    public bool GroupBarrierOr() => GroupBarrierPopCount() > 0;

    /// <summary>
    /// The group's values combined in the lanes' order, for every lane, though ILGPU promises it to the first alone.
    /// </summary>
    public T GroupReduce<T, TReduction>() where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> => GroupAllReduce<T, TReduction>();

    /// <summary>The group's values combined in the lanes' order.</summary>
    public T GroupAllReduce<T, TReduction>() where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> => Prefixes<T, TReduction>()[^1];

    /// <summary>
    /// The values of the group's lanes before this one combined; the operation's identity for the first.
    /// </summary>
    public T GroupExclusiveScan<T, TScan>() where T : unmanaged
        where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>()[Number];

    /// <summary>The values of the group's lanes up to this one combined.</summary>
    public T GroupInclusiveScan<T, TScan>() where T : unmanaged
        where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>()[Number + 1];

    // The first lane that comes computes them for the group.
    T[] Prefixes<T, TOperation>() where T : unmanaged where TOperation : struct, IScanReduceOperation<T>
    {
        if (group.Combined is T[] known) return known;
        var prefixes = Prefixes<T, TOperation>(group.Lanes);
        group.Combined = prefixes;
        return prefixes;
    }

    static T[] Prefixes<T, TOperation>(ReadOnlySpan<Lane> lanes) where T : unmanaged
        where TOperation : struct, IScanReduceOperation<T>
    {
        var operation = default(TOperation);
        var prefixes = new T[lanes.Length + 1];
        prefixes[0] = operation.Identity;
        for (var i = 0; i < lanes.Length; i++)
            prefixes[i + 1] = i == 0 ? lanes[0].Published<T>() : operation.Apply(prefixes[i], lanes[i].Published<T>());
        return prefixes;
    }

    /// <summary>
    /// The warp's values combined in the lanes' order, for every lane, though ILGPU promises it to the first alone.
    /// </summary>
    public T WarpReduce<T, TReduction>() where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> => WarpAllReduce<T, TReduction>();

    /// <summary>The warp's values combined in the lanes' order.</summary>
    public T WarpAllReduce<T, TReduction>() where T : unmanaged
        where TReduction : struct, IScanReduceOperation<T> => Prefixes<T, TReduction>(WarpLanes)[^1];

    /// <summary>
    /// The values of the warp's lanes before this one combined; the operation's identity for the first.
    /// </summary>
    public T WarpExclusiveScan<T, TScan>()
        where T : unmanaged
        where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>(WarpLanes)[Number % WarpSize];

    /// <summary>The values of the warp's lanes up to this one combined.</summary>
    public T WarpInclusiveScan<T, TScan>()
        where T : unmanaged
        where TScan : struct, IScanReduceOperation<T> => Prefixes<T, TScan>(WarpLanes)[Number % WarpSize + 1];

    /// <summary>
    /// What a lane of the same part of the warp has offered; one's own value for a lane that a part-filled warp lacks.
    /// </summary>
    /// <param name="sourceLane">Its number in the part; only the bits below the width count.</param>
    /// <param name="width">Lanes of a part, a power of two up to 32.</param>
    public T WarpShuffle<T>(int sourceLane, int width = WarpSize)
        where T : unmanaged => FromWarp<T>(PartStart(width) + (sourceLane & (width - 1)));

    /// <summary>What a lane of the warp has offered.</summary>
    /// <param name="laneIndex">Its number in the warp.</param>
    public T WarpBroadcast<T>(int laneIndex) where T : unmanaged => FromWarp<T>(laneIndex);

    /// <summary>
    /// What the lane so many numbers later has offered; one's own value where the part of the warp ends before it.
    /// </summary>
    /// <param name="delta">How many lanes later.</param>
    /// <param name="width">Lanes of a part, a power of two up to 32.</param>
    public T WarpShuffleDown<T>(int delta, int width = WarpSize) where T : unmanaged
    {
        var source = Number % WarpSize + delta;
        return FromWarp<T>(source < PartStart(width) + width ? source : Number % WarpSize);
    }

    /// <summary>
    /// What the lane so many numbers earlier has offered; one's own value where the part of the warp begins after it.
    /// </summary>
    /// <param name="delta">How many lanes earlier.</param>
    /// <param name="width">Lanes of a part, a power of two up to 32.</param>
    public T WarpShuffleUp<T>(int delta, int width = WarpSize) where T : unmanaged
    {
        var source = Number % WarpSize - delta;
        return FromWarp<T>(source >= PartStart(width) ? source : Number % WarpSize);
    }

    /// <summary>
    /// What the lane whose number differs in these bits has offered; one's own value where that lies behind the part of
    /// the warp.
    /// </summary>
    /// <param name="mask">The bits.</param>
    /// <param name="width">Lanes of a part, a power of two up to 32.</param>
    public T WarpShuffleXor<T>(int mask, int width = WarpSize) where T : unmanaged
    {
        var source = Number % WarpSize ^ mask;
        return FromWarp<T>(source < PartStart(width) + width ? source : Number % WarpSize);
    }

    int PartStart(int width) => Number % WarpSize / width * width;

    // A lane that a part-filled warp lacks gives back one's own value, as hardware leaves it undefined.
    T FromWarp<T>(int lane) where T : unmanaged => (lane < WarpLanes.Length ? WarpLanes[lane] : this).Published<T>();
}
