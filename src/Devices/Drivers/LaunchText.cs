using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Drivers;

/// <summary>Kernels and launches in words, for messages.</summary>
static class LaunchText
{
    /// <summary>Which kernel, from which C# line.</summary>
    public static string Of(KernelInstance kernel) => $"kernel {kernel.Name} ({kernel.File}:{kernel.Line})";

    /// <summary>The same with its launch.</summary>
    public static string Of(KernelInstance kernel, in LaunchConfig config) =>
        $"{Of(kernel)}, grid {Of(config.GridDim)}, group {Of(config.GroupDim)}, {config.DynamicSharedBytes} bytes of "
        + "dynamic shared memory";

    /// <summary>A grid with barriers whose groups need not run at once.</summary>
    public static string NotCooperative(KernelInstance kernel, in LaunchConfig config) =>
        $"{Of(kernel, config)}: the kernel has barriers of the whole grid; launch it with Cooperative = true.";

    /// <summary><c>2 x 3 x 4</c>.</summary>
    public static string Of(Index3D extent) => $"{extent.X} x {extent.Y} x {extent.Z}";
}
