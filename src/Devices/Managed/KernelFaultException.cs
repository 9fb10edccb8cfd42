namespace LdNetGpu.Devices.Managed;

/// <summary>What the managed device finds wrong in a kernel.</summary>
public enum KernelFault { OutOfBounds, UninitialisedRead, Race, DivergentBarrier, SharedMemory, Misaligned, AsyncCopy, Fragment, Exception }

/// <summary>A kernel does what no device may be asked to do. The message names the kernel, group, lanes, file and line.</summary>
public sealed class KernelFaultException(KernelFault fault, SourceSite site, string message, Exception? inner = null) : UserException(message, inner)
{
    public KernelFault Fault { get; } = fault;

    /// <summary>Where it showed.</summary>
    public SourceSite Site { get; } = site;
}
