using LdNetGpu.Devices;

namespace LdNetGpu.Serve;

/// <summary>An address cannot be listened on.</summary>
sealed class ListenException(string message, Exception inner) : UserException(message, inner);
