using ILGPU.Runtime.Cuda;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>What PTX has an instruction for and ILGPU's C# does not.</summary>
static class PtxMath
{
    public static double FusedMultiplyAdd(double x, double y, double z)
    {
        CudaAsm.Emit("fma.rn.f64 %0, %1, %2, %3;", out double result, x, y, z);
        return result;
    }

    public static float FusedMultiplyAdd(float x, float y, float z)
    {
        CudaAsm.Emit("fma.rn.f32 %0, %1, %2, %3;", out float result, x, y, z);
        return result;
    }
}
