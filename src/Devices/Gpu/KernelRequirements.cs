namespace LdNetGpu.Devices.Gpu;

/// <summary>What a kernel needs of its device beyond the portable dialect.</summary>
[Flags]
#if !NETSTANDARD // The generator, which no program refers to, has a copy of its own.
public
#endif
enum KernelRequirements
{
    /// <summary>Nothing: it runs everywhere.</summary>
    None = 0,

    /// <summary>Double precision.</summary>
    Double = 1,

    /// <summary>Shuffles, votes and barriers of a warp.</summary>
    Warp = 2,

    /// <summary>Tensor cores, compute capability 8.0.</summary>
    Mma = 4,

    /// <summary>cp.async, compute capability 8.0.</summary>
    AsyncCopy = 8,

    /// <summary>A launch whose groups all run at once.</summary>
    Cooperative = 16,

    /// <summary>PTX in the kernel's own words.</summary>
    Ptx = 32,

    /// <summary>Loads and stores of 16 bytes.</summary>
    Vector = 64,

    /// <summary>What only the generated text has, and ILGPU's compiler does not.</summary>
    TextOnly = Mma | AsyncCopy | Cooperative | Vector,
}
