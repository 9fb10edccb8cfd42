namespace LdNetGpu.Kernels.Generator;

/// <summary>The flags of KernelRequirements, by the same names.</summary>
[Flags]
enum Requirements { None = 0, Double = 1, Warp = 2, Mma = 4, AsyncCopy = 8, Cooperative = 16, Ptx = 32, Vector = 64 }
