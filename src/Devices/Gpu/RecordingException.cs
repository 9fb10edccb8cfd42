namespace LdNetGpu.Devices.Gpu;

/// <summary>Recorded work did what a replay could not do again: it read from the device, wrote to it from the host, or waited for it.</summary>
public sealed class RecordingException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
