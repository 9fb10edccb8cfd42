using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>
/// The running group of lanes (CUDA: thread block, OpenCL: work-group) and the lane's place in it. For kernels only. Every lane of the group must
/// come to each barrier and collective.
/// </summary>
public static class Group
{
    public static int IdxX => Lane.Current.GroupIndex.X;
    public static int IdxY => Lane.Current.GroupIndex.Y;
    public static int IdxZ => Lane.Current.GroupIndex.Z;
    public static int DimX => Lane.Current.GroupDim.X;
    public static int DimY => Lane.Current.GroupDim.Y;
    public static int DimZ => Lane.Current.GroupDim.Z;

    public static Index3D Index => Lane.Current.GroupIndex;

    public static Index3D Dimension => Lane.Current.GroupDim;

    /// <summary>Lanes in the group.</summary>
    public static int Size => DimX * DimY * DimZ;

    /// <summary>This lane's number in the group, X fastest.</summary>
    public static int LinearIndex => IdxX + DimX * (IdxY + DimY * IdxZ);

    /// <summary>Waits for every lane of the group; what each wrote before is seen by all after.</summary>
    public static void Barrier() => throw KernelOnly.Rendezvous();

    /// <summary>A barrier; the number of lanes whose predicate holds.</summary>
    public static int BarrierPopCount(bool predicate) => throw KernelOnly.Rendezvous();

    /// <summary>A barrier; whether every lane's predicate holds.</summary>
    public static bool BarrierAnd(bool predicate) => throw KernelOnly.Rendezvous();

    /// <summary>A barrier; whether any lane's predicate holds.</summary>
    public static bool BarrierOr(bool predicate) => throw KernelOnly.Rendezvous();

    /// <summary>The value of lane <paramref name="groupIndex"/> (the same in all lanes), in every lane.</summary>
    public static T Broadcast<T>(T value, int groupIndex) where T : unmanaged => throw KernelOnly.Rendezvous();
}
