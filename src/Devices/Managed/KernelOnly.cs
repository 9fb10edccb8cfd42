namespace LdNetGpu.Devices.Managed;

/// <summary>Errors of dialect calls where no kernel runs, or where the managed device cannot follow.</summary>
static class KernelOnly
{
    public static InvalidOperationException Lane() => new(
        "No kernel runs here: Grid, Group, Warp, memory allocations and view elements are for methods marked [Kernel], launched on a device. " +
        "On the host, copy a buffer with CopyTo.");

    public static InvalidOperationException Rendezvous() => new(
        "A barrier or collective was called outside a kernel's translated body: " +
        "call it from a [Kernel] method, or from a static method of a partial class that a kernel calls.");

    public static InvalidOperationException SharedAllocation() => new(
        "Shared memory was allocated outside a kernel's translated body: " +
        "allocate it in a [Kernel] method, or in a static method of a partial class that a kernel calls.");

    public static NotSupportedException Ptx() => new("CudaAsm runs on CUDA only: the managed device cannot follow PTX.");
}
