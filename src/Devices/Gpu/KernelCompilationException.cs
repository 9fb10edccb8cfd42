namespace LdNetGpu.Devices.Gpu;

/// <summary>A device's compiler refuses a kernel's text. The message holds its log, with C# lines.</summary>
/// <param name="kernel">Whose text it is.</param>
/// <param name="target">The text's language, <c>cuda</c> or <c>opencl</c>.</param>
/// <param name="message">The compiler's log.</param>
public sealed class KernelCompilationException(KernelInstance kernel, string target, string message)
    : UserException(message)
{
    /// <summary>The kernel.</summary>
    public KernelInstance Kernel { get; } = kernel;

    /// <summary><c>cuda</c> or <c>opencl</c>.</summary>
    public string Target { get; } = target;
}
