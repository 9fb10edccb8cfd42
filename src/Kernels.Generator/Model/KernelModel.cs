using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Model;

/// <summary>
/// All that the output needs of one kernel; plain values, so that the pipeline sees what has not changed.
/// </summary>
sealed record KernelModel
{
    /// <summary>Name of the generated file.</summary>
    public required string HintName { get; init; }

    /// <summary>The class that the kernel is in.</summary>
    public required ClassModel Class { get; init; }

    /// <summary>
    /// Members for the class: instances, launch method, checked bodies. Empty where the kernel is at fault.
    /// </summary>
    public required string Members { get; init; }

    /// <summary>C# expressions for its instances, inside the class.</summary>
    public required EquatableArray<string> Instances { get; init; }

    public required EquatableArray<DiagnosticInfo> Diagnostics { get; init; }

    /// <summary>A file that is C# to begin with: of a differentiable kernel's adjoint. Else empty.</summary>
    public string Source { get; init; } = "";
}

/// <summary>A class to be continued in generated code.</summary>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Declarations">The class and those around it, outermost first:
/// <c>static partial class RowKernels</c>.</param>
/// <param name="FullName">As other code names it: <c>global::LdNetGpu.Kernels.Rows.RowsKernels</c>.</param>
sealed record ClassModel(string Namespace, EquatableArray<string> Declarations, string FullName);
