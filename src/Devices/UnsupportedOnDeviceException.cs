using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices;

/// <summary>Another device or compiler that does what was asked for.</summary>
/// <param name="Device">Name of the device; null for the same one.</param>
/// <param name="Compiler">Its compiler; null for any.</param>
public readonly record struct DeviceAlternative(string? Device = null, KernelCompiler? Compiler = null);

/// <summary>This device, or its compiler, cannot do what was asked for, and others can.</summary>
public sealed class UnsupportedOnDeviceException : UserException
{
    /// <param name="message">What is lacking, for people.</param>
    /// <param name="alternatives">What can do it, best first.</param>
    public UnsupportedOnDeviceException(string message, params DeviceAlternative[] alternatives) : base(message) =>
        Alternatives = alternatives;

    internal UnsupportedOnDeviceException(string message, Exception inner, DeviceAlternative alternative)
        : base(message, inner) => Alternatives = [alternative];

    /// <summary>What can, best first.</summary>
    public IReadOnlyList<DeviceAlternative> Alternatives { get; }
}
