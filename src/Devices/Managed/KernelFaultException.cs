namespace LdNetGpu.Devices.Managed;

/// <summary>What the managed device finds wrong in a kernel.</summary>
public enum KernelFault
{
    /// <summary>An index outside its view.</summary>
    OutOfBounds,

    /// <summary>An element is read to which nothing was ever written.</summary>
    UninitialisedRead,

    /// <summary>Two lanes use an element, one of them writing, with no barrier between.</summary>
    Race,

    /// <summary>A barrier, or another meeting, that not every lane comes to.</summary>
    DivergentBarrier,

    /// <summary>More shared memory than a group may have.</summary>
    SharedMemory,

    /// <summary>A wide access, or a cast view, off its boundary.</summary>
    Misaligned,

    /// <summary>An asynchronous copy that no GPU can do, or whose destination is used before it is there.</summary>
    AsyncCopy,

    /// <summary>A tensor-core product in a part-filled warp, or of operands that were not rounded.</summary>
    Fragment,

    /// <summary>The kernel's C# threw: a division by zero, say.</summary>
    Exception,
}

/// <summary>
/// A kernel does what no device may be asked to do. The message names the kernel, group, lanes, file and line.
/// </summary>
/// <param name="fault">The kind of fault.</param>
/// <param name="site">Where it showed.</param>
/// <param name="message">Kernel, group, lanes, place, and what to do.</param>
/// <param name="inner">What the kernel threw, for <see cref="KernelFault.Exception"/>.</param>
public sealed class KernelFaultException(KernelFault fault, SourceSite site, string message, Exception? inner = null)
    : UserException(message, inner)
{
    /// <summary>The kind of fault.</summary>
    public KernelFault Fault { get; } = fault;

    /// <summary>Where it showed.</summary>
    public SourceSite Site { get; } = site;
}
