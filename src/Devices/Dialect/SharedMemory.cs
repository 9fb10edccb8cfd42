using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>
/// Memory that the lanes of a group share, undefined at first. For kernels only. Each place in the
/// code that allocates is one allocation for the group.
/// </summary>
public static class SharedMemory
{
    /// <summary>One element; take it as <c>ref var</c>.</summary>
    public static ref T Allocate<T>() where T : unmanaged => throw KernelOnly.SharedAllocation();

    /// <summary><paramref name="extent"/> elements; a constant or a <see cref="SpecializedValue{T}"/>.</summary>
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => throw KernelOnly.SharedAllocation();

    /// <summary>The dynamic shared memory that the launch asked for, seen as T. All calls see the same bytes.</summary>
    public static ArrayView<T> GetDynamic<T>() where T : unmanaged => Lane.Current.DynamicShared<T>();
}

/// <summary>Memory of one lane, undefined at first; small constant sizes live in registers. For kernels only.</summary>
public static class LocalMemory
{
    /// <summary><paramref name="extent"/> elements; a constant or a <see cref="SpecializedValue{T}"/>.</summary>
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => Lane.Current.Local<T>(extent);
}

/// <summary>The order in which other lanes see this lane's writes.</summary>
public static class MemoryFence
{
    public static void GroupLevel() { }

    public static void DeviceLevel() { }

    public static void SystemLevel() { }
}
