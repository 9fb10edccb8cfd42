using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Managed;

/// <summary>One launch in a <see cref="KernelProfile"/>.</summary>
/// <param name="Kernel">Which one.</param>
/// <param name="LoadedOnce">
/// Bytes of the sectors of 32 bytes of global memory that it reads before it has written them, each once: what comes
/// from memory where caches hold all that a launch uses.
/// </param>
/// <param name="StoredOnce">Bytes of the sectors that it writes, each once.</param>
/// <param name="Operations">What was computed, where its numbers are <see cref="Counted{T}"/>; else nothing.</param>
public sealed record ProfiledLaunch(KernelInstance Kernel, long LoadedOnce, long StoredOnce,
    OperationCounts Operations);
