using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>
/// The lanes that run in lockstep (32 on NVIDIA), and the exchange of values between their registers. For kernels only. A kernel that uses it needs a
/// device with warp operations. Every lane of the warp must come to each operation; <c>width</c> splits the warp into parts of that power of two.
/// </summary>
public static class Warp
{
    public static int WarpSize => Lane.Current.WarpSize;

    /// <summary>This lane's place in its warp.</summary>
    public static int LaneIdx => Group.LinearIndex % WarpSize;

    /// <summary>This warp's number in its group.</summary>
    public static int WarpIdx => Group.LinearIndex / WarpSize;

    /// <summary>Waits for the warp's lanes; what each wrote before is seen by all of them after.</summary>
    public static void Barrier() => throw KernelOnly.Rendezvous();

    /// <summary>The value of lane <paramref name="sourceLane"/>.</summary>
    public static T Shuffle<T>(T variable, int sourceLane) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="Shuffle{T}(T, int)"/>
    public static T Shuffle<T>(T variable, int sourceLane, int width) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <summary>The value of the lane <paramref name="delta"/> further on; at the end one's own.</summary>
    public static T ShuffleDown<T>(T variable, int delta) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="ShuffleDown{T}(T, int)"/>
    public static T ShuffleDown<T>(T variable, int delta, int width) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <summary>The value of the lane <paramref name="delta"/> before; at the start one's own.</summary>
    public static T ShuffleUp<T>(T variable, int delta) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="ShuffleUp{T}(T, int)"/>
    public static T ShuffleUp<T>(T variable, int delta, int width) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <summary>The value of the lane whose index differs by the bits of <paramref name="mask"/>.</summary>
    public static T ShuffleXor<T>(T variable, int mask) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="ShuffleXor{T}(T, int)"/>
    public static T ShuffleXor<T>(T variable, int mask, int width) where T : unmanaged => throw KernelOnly.Rendezvous();

    /// <summary>The value of lane <paramref name="laneIndex"/> (the same in all lanes), in every lane of the warp.</summary>
    public static T Broadcast<T>(T value, int laneIndex) where T : unmanaged => throw KernelOnly.Rendezvous();
}
