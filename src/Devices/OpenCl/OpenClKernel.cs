namespace LdNetGpu.Devices.OpenCl;

/// <summary>A kernel compiled for a device.</summary>
/// <param name="Program">The driver's name for the program.</param>
/// <param name="Handle">The driver's name for the kernel.</param>
/// <param name="MaxGroupSize">Most lanes a group of this kernel may have.</param>
/// <param name="StaticSharedBytes">Local memory that the kernel declares itself.</param>
sealed record OpenClKernel(nint Program, nint Handle, int MaxGroupSize, int StaticSharedBytes);
