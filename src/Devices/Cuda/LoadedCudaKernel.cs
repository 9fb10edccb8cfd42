namespace LdNetGpu.Devices.Cuda;

/// <summary>A kernel loaded on a device.</summary>
/// <param name="module">The driver's name for the module.</param>
/// <param name="function">The driver's name for the entry point.</param>
/// <param name="staticSharedBytes">Shared memory that the kernel declares itself.</param>
/// <param name="layout">Where its arguments lie.</param>
sealed class LoadedCudaKernel(nint module, nint function, int staticSharedBytes, LaunchLayout layout)
{
    /// <summary>How its arguments are passed.</summary>
    public LaunchLayout Layout { get; } = layout;

    public nint Module { get; } = module;

    public nint Function { get; } = function;

    public int StaticSharedBytes { get; } = staticSharedBytes;

    /// <summary>
    /// Dynamic shared memory that this kernel may have so far; more must be asked for. CUDA C++ Programming Guide: a
    /// block has 48 KB, static and dynamic together, unless its kernel opts in.
    /// </summary>
    public int DynamicSharedBytes { get; set; } = (48 << 10) - staticSharedBytes;
}
