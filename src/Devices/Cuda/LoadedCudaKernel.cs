namespace LdNetGpu.Devices.Cuda;

/// <summary>A kernel loaded on a device.</summary>
/// <param name="staticSharedBytes">Shared memory that the kernel declares itself.</param>
sealed class LoadedCudaKernel(nint module, nint function, int staticSharedBytes, LaunchLayout layout)
{
    /// <summary>How its arguments are passed.</summary>
    public LaunchLayout Layout { get; } = layout;

    public nint Module { get; } = module;

    public nint Function { get; } = function;

    public int StaticSharedBytes { get; } = staticSharedBytes;

    /// <summary>
    /// Dynamic shared memory that this kernel may have so far; more must be asked for. CUDA C++ Programming Guide: a block has 48 KB, static and dynamic
    /// together, unless its kernel opts in.
    /// </summary>
    public int DynamicSharedBytes { get; set; } = (48 << 10) - staticSharedBytes;
}
