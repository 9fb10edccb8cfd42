using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>What ILGPU did not take, in words.</summary>
static class IlgpuFailure
{
    public static UnsupportedOnDeviceException Of(KernelInstance kernel, Exception error)
    {
        var reasons = new List<string>();
        for (var inner = error; inner is not null; inner = inner.InnerException)
            if (inner.Message.Length > 0 && !reasons.Contains(inner.Message))
                reasons.Add(inner.Message.ReplaceLineEndings(" "));
        return new(
            $"{LaunchText.Of(kernel)} does not compile with ILGPU {IlgpuCompiler.Version}: {string.Join(" ", reasons)} "
            + "Write the construct another way, or compile the kernel's text, which has it.", error,
            new DeviceAlternative(Compiler: KernelCompiler.Text));
    }
}
