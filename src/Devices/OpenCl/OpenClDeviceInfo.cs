namespace LdNetGpu.Devices.OpenCl;

/// <summary>What a driver says of one OpenCL device.</summary>
/// <param name="Index">Number in <c>opencl:N</c>.</param>
/// <param name="Version">The device's OpenCL, e.g. <c>OpenCL 1.2 pocl</c>.</param>
/// <param name="LargestBuffer">Bytes that one buffer may have.</param>
/// <param name="Extensions">Names of extensions.</param>
public sealed record OpenClDeviceInfo(int Index, nint Platform, nint Handle, OpenClDeviceKind Kind, string PlatformName, string Name,
    string Version, string DriverVersion, int ComputeUnits, int MaxGroupSize, long Memory, long LargestBuffer, int LocalMemory,
    bool SupportsDouble, bool RoundsCorrectly, IReadOnlySet<string> Extensions)
{
    public override string ToString() => $"{Name} ({PlatformName}, {Version}, driver {DriverVersion})";
}

/// <summary>Kinds of devices, best first.</summary>
public enum OpenClDeviceKind
{
    Gpu,
    Accelerator,
    Cpu,
    Other,
}
