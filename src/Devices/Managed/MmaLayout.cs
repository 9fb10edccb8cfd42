namespace LdNetGpu.Devices.Managed;

/// <summary>
/// Which lane of a warp holds an element of an mma's operand, and in which register (PTX ISA, "Matrix Fragments for
/// mma").
/// </summary>
static class MmaLayout
{
    public static (int Lane, int Register) Tf32A(int row, int k) => (row % 8 * 4 + k % 4, row / 8 + k / 4 * 2);

    public static (int Lane, int Register) Tf32B(int k, int column) => (column * 4 + k % 4, k / 4);

    /// <summary>Half of the register: 0 the lower 16 bits.</summary>
    public static (int Lane, int Register, int Half) Bf16A(int row, int k) =>
        (row % 8 * 4 + k % 8 / 2, row / 8 + k / 8 * 2, k % 2);

    /// <inheritdoc cref="Bf16A"/>
    public static (int Lane, int Register, int Half) Bf16B(int k, int column) => (column * 4 + k % 8 / 2, k / 8, k % 2);

    /// <summary>Row and column of the sum that a lane holds in a register.</summary>
    public static (int Row, int Column) Sum(int lane, int register) =>
        (lane / 4 + register / 2 * 8, lane % 4 * 2 + register % 2);
}
