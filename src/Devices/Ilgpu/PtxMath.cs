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

    public static double Floor(double x)
    {
        CudaAsm.Emit("cvt.rmi.f64.f64 %0, %1;", out double result, x);
        return result;
    }

    public static double Ceiling(double x)
    {
        CudaAsm.Emit("cvt.rpi.f64.f64 %0, %1;", out double result, x);
        return result;
    }

    public static double Round(double x)
    {
        CudaAsm.Emit("cvt.rni.f64.f64 %0, %1;", out double result, x);
        return result;
    }

    public static double Truncate(double x)
    {
        CudaAsm.Emit("cvt.rzi.f64.f64 %0, %1;", out double result, x);
        return result;
    }

    public static float Floor(float x)
    {
        CudaAsm.Emit("cvt.rmi.f32.f32 %0, %1;", out float result, x);
        return result;
    }

    public static float Ceiling(float x)
    {
        CudaAsm.Emit("cvt.rpi.f32.f32 %0, %1;", out float result, x);
        return result;
    }

    public static float Round(float x)
    {
        CudaAsm.Emit("cvt.rni.f32.f32 %0, %1;", out float result, x);
        return result;
    }

    public static float Truncate(float x)
    {
        CudaAsm.Emit("cvt.rzi.f32.f32 %0, %1;", out float result, x);
        return result;
    }
}
