using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

// A tensor-core product: every lane of the warp offers its fragments; each then sums its own four elements, exactly,
// and rounds them once.
public sealed partial class Lane
{
    const uint BitsDroppedByTf32 = 0x1FFF;

    /// <summary>
    /// <see cref="Dialect.Cuda.Mma.Tf32"/> of what the warp's lanes have offered, summed in double and rounded once.
    /// </summary>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">
    /// The warp is not full, or an operand has more digits than tf32.
    /// </exception>
    public FragmentC WarpMmaTf32(int site) => Mma(site, 8, Tf32Product, isTf32: true);

    /// <summary>
    /// <see cref="Dialect.Cuda.Mma.Bf16"/> of what the warp's lanes have offered, summed in double and rounded once.
    /// </summary>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">The warp is not full.</exception>
    public FragmentC WarpMmaBf16(int site) => Mma(site, 16, Bf16Product, isTf32: false);

    FragmentC Mma(int site, int depth, Func<Lane, int, int, int, double> product, bool isTf32)
    {
        if (WarpLanes.Length < WarpSize)
            throw run.Fault(KernelFault.Fragment, site, Where(),
                $"the warp has {WarpLanes.Length} lanes: an mma needs all {WarpSize}. " +
                $"Launch groups of a multiple of {WarpSize} lanes.");
        var operands = Published<(FragmentA A, FragmentB B, FragmentC C)>();
        if (isTf32 && run.IsChecked) CheckRounded(operands.A, operands.B, site);
        return new(Sum(0, operands.C.R0), Sum(1, operands.C.R1), Sum(2, operands.C.R2), Sum(3, operands.C.R3));

        float Sum(int register, float before)
        {
            var (row, column) = MmaLayout.Sum(Number % WarpSize, register);
            double sum = before;
            for (var k = 0; k < depth; k++) sum += product(this, row, column, k);
            return (float)sum;
        }
    }

    static double Tf32Product(Lane lane, int row, int column, int k)
    {
        var (left, leftRegister) = MmaLayout.Tf32A(row, k);
        var (right, rightRegister) = MmaLayout.Tf32B(k, column);
        return (double)Float(lane.A(left, leftRegister) & ~BitsDroppedByTf32)
            * Float(lane.B(right, rightRegister) & ~BitsDroppedByTf32);
    }

    static double Bf16Product(Lane lane, int row, int column, int k)
    {
        var (left, leftRegister, leftHalf) = MmaLayout.Bf16A(row, k);
        var (right, rightRegister, rightHalf) = MmaLayout.Bf16B(k, column);
        return (double)Float(lane.A(left, leftRegister) >> 16 * leftHalf << 16)
            * Float(lane.B(right, rightRegister) >> 16 * rightHalf << 16);
    }

    uint A(int lane, int register)
    {
        var a = WarpLanes[lane].Published<(FragmentA A, FragmentB, FragmentC)>().A;
        return register switch { 0 => a.R0, 1 => a.R1, 2 => a.R2, _ => a.R3 };
    }

    uint B(int lane, int register)
    {
        var b = WarpLanes[lane].Published<(FragmentA, FragmentB B, FragmentC)>().B;
        return register == 0 ? b.R0 : b.R1;
    }

    // The hardware would drop the bits: twice the error, and all of it towards zero.
    void CheckRounded(FragmentA a, FragmentB b, int site)
    {
        if (((a.R0 | a.R1 | a.R2 | a.R3 | b.R0 | b.R1) & BitsDroppedByTf32) != 0)
            throw run.Fault(KernelFault.Fragment, site, Where(),
                "an operand has more digits than tf32: round it with Cuda.Mma.ToTf32.");
    }

    static float Float(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
