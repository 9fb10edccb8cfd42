using System.Runtime.InteropServices;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>CUDA's error codes with the driver's own name and text. Numbers: CUresult in NVIDIA's cuda.h.</summary>
static unsafe class CudaStatus
{
    public const int Success = 0, OutOfMemory = 2, NoDevice = 100, NoBinaryForGpu = 209, UnsupportedPtxVersion = 222;

    /// <summary><c>CUDA_ERROR_NO_DEVICE (100): no CUDA-capable device is detected</c>.</summary>
    public static string Text(CudaApi api, int code)
    {
        byte* name, text;
        return api.GetErrorName(code, &name) == Success && api.GetErrorString(code, &text) == Success
            ? $"{Marshal.PtrToStringUTF8((nint)name)} ({code}): {Marshal.PtrToStringUTF8((nint)text)}"
            : $"CUDA error {code}";
    }

    /// <summary>
    /// Codes after which the context, and with it the process, can do nothing more: uncorrectable memory, illegal
    /// accesses and instructions, launch failures and time-outs, a device that fell off.
    /// </summary>
    public static bool IsFatal(int code) => code is 4 or 46 or 214 or 220 or 700 or 702 or (>= 709 and <= 719) or 999;

    /// <summary>Throws unless <paramref name="code"/> is success.</summary>
    /// <param name="api">The driver, which has words for codes.</param>
    /// <param name="code">What a call returned.</param>
    /// <param name="what">What was tried.</param>
    public static void Check(CudaApi api, int code, string what)
    {
        if (code == Success) return;
        var message = $"cuda: {what} failed: {Text(api, code)}.";
        throw IsFatal(code) ? new DeviceLostException(message) : new UserException(message);
    }
}
