using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator;

/// <summary>The C# that the managed device runs for a kernel: the kernel's own, every access checked.</summary>
sealed record CheckedBody(string Text)
{
    public static CheckedBody Of(KernelCandidate kernel, ProjectOptions project, List<DiagnosticInfo> diagnostics, CancellationToken cancellation) => new("");

    public string InstanceMembers(IMethodSymbol instance, List<LaunchParameter> parameters) => "        Managed = static (_, _) => throw new global::System.NotSupportedException(),\n";
}
