namespace LdNetGpu.Devices.OpenCl;

/// <summary>What a driver says of one OpenCL device.</summary>
/// <param name="Index">Number in <c>opencl:N</c>.</param>
/// <param name="Platform">The driver's name for the platform (<c>cl_platform_id</c>).</param>
/// <param name="Handle">The driver's name for the device (<c>cl_device_id</c>).</param>
/// <param name="Kind">What it is.</param>
/// <param name="PlatformName">As the driver calls the platform.</param>
/// <param name="Name">As the driver calls the device.</param>
/// <param name="Version">The device's OpenCL, e.g. <c>OpenCL 1.2 pocl</c>.</param>
/// <param name="DriverVersion">As the driver says it.</param>
/// <param name="ComputeUnits">Groups that run at once, about.</param>
/// <param name="MaxGroupSize">Most lanes of a group.</param>
/// <param name="Memory">Bytes of global memory.</param>
/// <param name="LargestBuffer">Bytes that one buffer may have.</param>
/// <param name="LocalMemory">Bytes of local (shared) memory that a group may have.</param>
/// <param name="SupportsDouble">Whether it computes in double precision.</param>
/// <param name="RoundsCorrectly">
/// Whether it can round float division and square root correctly, which OpenCL leaves loose.
/// </param>
/// <param name="Extensions">Names of extensions.</param>
public sealed record OpenClDeviceInfo(int Index, nint Platform, nint Handle, OpenClDeviceKind Kind, string PlatformName,
    string Name, string Version, string DriverVersion, int ComputeUnits, int MaxGroupSize, long Memory,
    long LargestBuffer, int LocalMemory, bool SupportsDouble, bool RoundsCorrectly, IReadOnlySet<string> Extensions)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({PlatformName}, {Version}, driver {DriverVersion})";
}

/// <summary>Kinds of devices, best first.</summary>
public enum OpenClDeviceKind
{
    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>Another processor beside the CPU.</summary>
    Accelerator,

    /// <summary>The CPU itself, as PoCL offers it.</summary>
    Cpu,

    /// <summary>None of these, as the driver says.</summary>
    Other,
}
