using ILGPU;
using ILGPU.Runtime.CPU;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>What a launch asks for, held against what the device can do, before a driver sees it.</summary>
static class LaunchCheck
{
    /// <exception cref="UserException">The device lacks something that the kernel or its launch needs.</exception>
    /// <exception cref="ArgumentException">A view's memory is not on the device, or shares what it promised not
    /// to.</exception>
    public static void Check(GpuDevice device, KernelInstance kernel, in LaunchConfig config,
        ReadOnlySpan<KernelArgument> arguments)
    {
        if (kernel.Cuda is null)
            throw new UnsupportedOnDeviceException(
                $"{LaunchText.Of(kernel)} has no text for these type arguments. Add an [Instance] of them, or run it "
                + "on the managed device.", new DeviceAlternative("managed"));
        var limits = device.Capabilities;
        var missing = limits.Missing(kernel.Requires);
        if (missing != KernelRequirements.None) throw Unsupported(device, kernel, missing);
        if ((kernel.Requires & KernelRequirements.Cooperative) != 0 && !config.Cooperative)
            throw new UserException(LaunchText.NotCooperative(kernel, config));
        var lanes = (long)config.GroupDim.X * config.GroupDim.Y * config.GroupDim.Z;
        if (lanes > limits.MaxGroupSize)
            throw new UserException(
                $"{LaunchText.Of(kernel, config)}: {lanes} lanes in a group, {device.Name} takes "
                + $"{limits.MaxGroupSize}. "
                + (device.Accelerator is CPUAccelerator
                    ? "Launch smaller groups, or make the accelerator in a context with "
                    + "builder.CPU(CPUDevice.Nvidia), whose groups hold 1024."
                    : "Launch smaller groups, or take a device that has larger ones."));
        if (Exceeds(config.GroupDim, limits.MaxGroupDim))
            throw new UserException(
                $"{LaunchText.Of(kernel, config)}: a group on {device.Name} has at most "
                + $"{LaunchText.Of(limits.MaxGroupDim)} lanes.");
        if (Exceeds(config.GridDim, limits.MaxGridDim))
            throw new UserException(
                $"{LaunchText.Of(kernel, config)}: a grid on {device.Name} has at most "
                + $"{LaunchText.Of(limits.MaxGridDim)} groups. Lay the longest axis along x, or launch in pieces.");
        SharedMemory(device, kernel, config, staticBytes: 0);
        Here(device, kernel, arguments);
        AliasCheck.Check(kernel, arguments);
    }

    /// <summary>Throws where a view's memory is another device's, or went back to its own.</summary>
    /// <exception cref="ArgumentException">It is not on the device.</exception>
    /// <exception cref="ObjectDisposedException">It went back.</exception>
    public static void Here(GpuDevice device, KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.Memory is not { } memory) continue;
            if (memory.IsDisposed)
                throw new ObjectDisposedException("view",
                    $"{LaunchText.Of(kernel)}: a view's buffer went back to its device.");
            if (!device.IsHere(memory))
                throw new ArgumentException($"{LaunchText.Of(kernel)}: a view's buffer is not on {device.Name}.",
                    nameof(arguments));
        }
    }

    /// <summary>Throws where a group would have more shared memory than the device has.</summary>
    /// <param name="device">Its limit counts.</param>
    /// <param name="kernel">Named by the error.</param>
    /// <param name="config">Its dynamic shared memory counts.</param>
    /// <param name="staticBytes">What the compiled kernel declares itself.</param>
    public static void SharedMemory(GpuDevice device, KernelInstance kernel, in LaunchConfig config, int staticBytes)
    {
        if ((long)staticBytes + config.DynamicSharedBytes <= device.Capabilities.MaxSharedBytes) return;
        throw new UserException(
            $"{LaunchText.Of(kernel, config)}{(staticBytes > 0 ? $" and {staticBytes} of its own" : "")}: " +
            $"{device.Name} has {device.Capabilities.MaxSharedBytes} bytes of shared memory a group.");
    }

    static bool Exceeds(Index3D extent, Index3D limit) => extent.X > limit.X || extent.Y > limit.Y
        || extent.Z > limit.Z;

    static UnsupportedOnDeviceException Unsupported(GpuDevice device, KernelInstance kernel,
        KernelRequirements missing) =>
        missing.HasFlag(KernelRequirements.Double)
            ? new($"{LaunchText.Of(kernel)} computes in double precision, which {device.Description} does not offer. "
            + "Use float, or another device.",
                new DeviceAlternative("cpu"))
            : new($"{LaunchText.Of(kernel)} needs {missing}, which {device.Description} does not offer. Use its "
            + "portable variant, or a device that offers it.",
                new DeviceAlternative("cuda", KernelCompiler.Text), new DeviceAlternative("managed"));
}
