using System.Runtime.InteropServices;

namespace LdNetGpu.Devices.Cuda;

/// <summary>CUlaunchConfig of cuda.h.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct CudaLaunchConfig
{
    public uint GridX, GridY, GridZ;
    public uint BlockX, BlockY, BlockZ;
    public uint SharedMemoryBytes;
    public nint Stream;
    public CudaLaunchAttribute* Attributes;
    public uint AttributeCount;
}

/// <summary>CUlaunchAttribute of cuda.h: a number that says which, then 64 bytes of value.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
struct CudaLaunchAttribute
{
    const uint CooperativeId = 2, ClusterId = 4;

    [FieldOffset(0)] public uint Id;
    [FieldOffset(8)] public uint X;
    [FieldOffset(12)] public uint Y;
    [FieldOffset(16)] public uint Z;

    /// <summary>All blocks run at once.</summary>
    public static CudaLaunchAttribute Cooperative => new() { Id = CooperativeId, X = 1 };

    /// <summary>Blocks in clusters of this shape, which share each other's shared memory.</summary>
    public static CudaLaunchAttribute Cluster(int x, int y, int z) =>
        new() { Id = ClusterId, X = (uint)x, Y = (uint)y, Z = (uint)z };
}
