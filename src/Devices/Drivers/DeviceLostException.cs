namespace LdNetGpu.Devices.Drivers;

/// <summary>
/// The device stopped working and nothing more can be done on it in this process. What was saved before stands.
/// </summary>
/// <param name="message">What was done when it showed.</param>
public sealed class DeviceLostException(string message)
    : UserException(message + " Nothing more runs on this device in this process.");
