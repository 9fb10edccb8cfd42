namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// Recorded work did what a replay could not do again: it read from the device, wrote to it from the host, or waited
/// for it.
/// </summary>
/// <param name="message">What was tried, and that it belongs before or after the recording.</param>
/// <param name="inner">The driver's error, where it was the driver that refused.</param>
public sealed class RecordingException(string message, Exception? inner = null)
    : InvalidOperationException(message, inner);
