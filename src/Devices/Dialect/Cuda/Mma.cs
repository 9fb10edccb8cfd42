namespace LdNetGpu.Dialect;

/// <summary>
/// What goes beyond ILGPU: each class states what it needs of a device. A kernel that uses one has no OpenCL text, and
/// needs a device that offers it: an NVIDIA GPU, or the managed device, which does the same in C#. For kernels only.
/// </summary>
public static partial class Cuda
{
    /// <summary>
    /// Products of small matrices by a warp's 32 lanes together, on tensor cores: D = A·B + C, sums in float. Needs
    /// compute capability 8.0. All lanes of a full warp must come. Each lane holds a part of every matrix; with g =
    /// lane / 4 and t = lane % 4 (PTX ISA, "Matrix Fragments for mma"): C and D [16 x 8] have (g, 2t), (g, 2t + 1), (g
    /// + 8, 2t), (g + 8, 2t + 1).
    /// </summary>
    public static class Mma
    {
        /// <summary>
        /// mma.sync m16n8k8 on tf32, operands from <see cref="ToTf32"/>. A [16 x 8] has (g, t), (g + 8, t), (g, t + 4),
        /// (g + 8, t + 4); B [8 x 8] has (t, g), (t + 4, g).
        /// </summary>
        /// <param name="a">The lane's part of A.</param>
        /// <param name="b">The lane's part of B.</param>
        /// <param name="c">The lane's part of C, the sums so far.</param>
        /// <returns>The lane's part of D.</returns>
        /// <exception cref="InvalidOperationException">Called outside a kernel.</exception>
        public static FragmentC Tf32(FragmentA a, FragmentB b, FragmentC c) => throw KernelOnly.Call();

        /// <summary>
        /// mma.sync m16n8k16 on bfloat16, operands from <see cref="PackBf16"/>, two neighbours along the depth in each.
        /// A [16 x 16] has from (g, 2t), (g + 8, 2t), (g, 2t + 8), (g + 8, 2t + 8) on; B [16 x 8] has from (2t, g), (2t
        /// + 8, g) on.
        /// </summary>
        /// <inheritdoc cref="Tf32"/>
        public static FragmentC Bf16(FragmentA a, FragmentB b, FragmentC c) => throw KernelOnly.Call();

        /// <summary>
        /// cvt.rna.tf32: the nearest number of 10 bits behind the point, ties away from zero, as a float's bits.
        /// </summary>
        /// <param name="value">NaN and infinities stay what they are.</param>
        public static uint ToTf32(float value)
        {
            if (float.IsNaN(value)) return 0x7FFFE000;
            var bits = BitConverter.SingleToUInt32Bits(value);
            return float.IsInfinity(value) ? bits : (bits + 0x1000) & 0xFFFFE000;
        }

        /// <summary>
        /// cvt.rn.bf16x2: both numbers rounded to bfloat16, ties to even; <paramref name="low"/> in the lower half.
        /// </summary>
        /// <param name="low">The neighbour with the lower index.</param>
        /// <param name="high">The one after it.</param>
        public static uint PackBf16(float low, float high) => ToBf16(low) | ToBf16(high) << 16;

        static uint ToBf16(float value)
        {
            if (float.IsNaN(value)) return 0x7FFF;
            var bits = BitConverter.SingleToUInt32Bits(value);
            return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
        }
    }
}

/// <summary>A lane's part of an mma's left operand.</summary>
/// <param name="R0">Register 0, in the order that the product's page gives.</param>
/// <param name="R1">Register 1.</param>
/// <param name="R2">Register 2.</param>
/// <param name="R3">Register 3.</param>
public readonly record struct FragmentA(uint R0, uint R1, uint R2, uint R3);

/// <summary>A lane's part of an mma's right operand.</summary>
/// <param name="R0">Register 0, in the order that the product's page gives.</param>
/// <param name="R1">Register 1.</param>
public readonly record struct FragmentB(uint R0, uint R1);

/// <summary>A lane's part of an mma's sums.</summary>
/// <param name="R0">The sum at (g, 2t), g = lane / 4, t = lane % 4.</param>
/// <param name="R1">At (g, 2t + 1).</param>
/// <param name="R2">At (g + 8, 2t).</param>
/// <param name="R3">At (g + 8, 2t + 1).</param>
public readonly record struct FragmentC(float R0, float R1, float R2, float R3);
