namespace LdNetGpu.Devices.Cuda;

/// <summary>A kernel loaded on a device.</summary>
sealed class CudaKernel(nint module, nint function)
{
    public nint Module { get; } = module;

    public nint Function { get; } = function;

    /// <summary>Dynamic shared memory that this kernel may have so far; more must be asked for.</summary>
    public int DynamicSharedBytes { get; set; } = 48 << 10;
}
