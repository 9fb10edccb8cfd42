namespace LdNetGpu.Kernels.Gemm;

/// <summary>Operands whose rows lie on multiples of 16 bytes, so that four elements are one copy.</summary>
[Flags]
enum WideOperands
{
    None = 0,
    A = 1,
    B = 2,
    Both = A | B,
}
