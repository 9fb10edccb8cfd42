using ILGPU;
using ILGPU.Algorithms.ScanReduceOperations;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Reductions and scans of a group in the order of the generated text, to the same bits. ILGPU's add to shared memory
/// by atomic operations, in any order from 256 lanes on; count the lanes of a group along x alone; and read lanes that
/// a warp does not have.
/// </summary>
static class PtxCollectives
{
    const int WarpSize = 32, MostWarps = 32;

    public static class OfGroup
    {
        /// <summary>
        /// The first lane of each warp reduces it; all lanes reduce the warps' results in their order.
        /// </summary>
        public static T AllReduce<T, TReduction>(T value) where T : unmanaged
            where TReduction : struct, IScanReduceOperation<T>
        {
            var parts = SharedMemory.Allocate<T>(MostWarps);
            TReduction reduction = default;
            value = OfWarp.Reduce<T, TReduction>(value);
            if (Lane == 0) parts[Warp] = value;
            Group.Barrier();
            value = parts[0];
            var warps = (Group.Dimension.Size + WarpSize - 1) / WarpSize;
            for (var warp = 1; warp < warps; warp++) value = reduction.Apply(value, parts[warp]);
            Group.Barrier();
            return value;
        }

        public static T Reduce<T, TReduction>(T value) where T : unmanaged
            where TReduction : struct, IScanReduceOperation<T> =>
            AllReduce<T, TReduction>(value);

        public static T InclusiveScan<T, TScan>(T value) where T : unmanaged
            where TScan : struct, IScanReduceOperation<T>
        {
            value = OfWarp.InclusiveScan<T, TScan>(value);
            return default(TScan).Apply(Before<T, TScan>(value), value);
        }

        public static T ExclusiveScan<T, TScan>(T value) where T : unmanaged
            where TScan : struct, IScanReduceOperation<T>
        {
            var inclusive = OfWarp.InclusiveScan<T, TScan>(value);
            var before = Before<T, TScan>(inclusive);
            return default(TScan).Apply(before, OfWarp.Exclusive<T, TScan>(inclusive));
        }

        // What the warps before this one come to, from the last lane of each.
        static T Before<T, TScan>(T inclusive) where T : unmanaged where TScan : struct, IScanReduceOperation<T>
        {
            var parts = SharedMemory.Allocate<T>(MostWarps);
            TScan scan = default;
            if (Lane == Lanes - 1) parts[Warp] = inclusive;
            Group.Barrier();
            var before = scan.Identity;
            for (var warp = 0; warp < Warp; warp++) before = scan.Apply(before, parts[warp]);
            Group.Barrier();
            return before;
        }
    }

    public static class OfWarp
    {
        public static T Reduce<T, TReduction>(T value) where T : unmanaged
            where TReduction : struct, IScanReduceOperation<T>
        {
            TReduction reduction = default;
            for (var step = WarpSize / 2; step > 0; step >>= 1)
            {
                var other = global::ILGPU.Warp.ShuffleDown(value, step);
                if (Lane + step < Lanes) value = reduction.Apply(value, other);
            }
            return value;
        }

        public static T AllReduce<T, TReduction>(T value) where T : unmanaged
            where TReduction : struct, IScanReduceOperation<T> =>
            global::ILGPU.Warp.Shuffle(Reduce<T, TReduction>(value), 0);

        public static T InclusiveScan<T, TScan>(T value) where T : unmanaged
            where TScan : struct, IScanReduceOperation<T>
        {
            TScan scan = default;
            for (var step = 1; step < WarpSize; step <<= 1)
            {
                var other = global::ILGPU.Warp.ShuffleUp(value, step);
                if (Lane >= step) value = scan.Apply(other, value);
            }
            return value;
        }

        public static T ExclusiveScan<T, TScan>(T value) where T : unmanaged
            where TScan : struct, IScanReduceOperation<T> =>
            Exclusive<T, TScan>(InclusiveScan<T, TScan>(value));

        internal static T Exclusive<T, TScan>(T inclusive) where T : unmanaged
            where TScan : struct, IScanReduceOperation<T>
        {
            var before = global::ILGPU.Warp.ShuffleUp(inclusive, 1);
            return Lane == 0 ? default(TScan).Identity : before;
        }
    }

    static int Lane => Group.LinearIndex & (WarpSize - 1);

    static int Warp => Group.LinearIndex / WarpSize;

    // Of this warp: the last one of a group may be short.
    static int Lanes => Math.Min(WarpSize, Group.Dimension.Size - Warp * WarpSize);
}
