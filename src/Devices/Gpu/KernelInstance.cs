using System.Reflection;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// One kernel for one set of type arguments: its text for each target, without prelude, and the body that the managed
/// device runs. Made by the source generator.
/// </summary>
/// <remarks>
/// The entry point's parameters are those of the C# method in order, structs flattened field by field:
/// <list type="bullet">
/// <item>
/// a view is <c>T* name, long long name_length</c> in CUDA, the offset added to the pointer
/// already, and <c>__global T* name, long name_offset, long name_length</c> in OpenCL; the pointer is to const where
/// the kernel only reads;
/// </item>
/// <item>a scalar is itself, a bool an int of 0 or 1;</item>
/// <item>a specialised value is no parameter but the macro <c>SPEC_name</c> (<see cref="KernelParameter.Macro"/>),
/// defined when the text is compiled;</item>
/// <item>a kernel over an extent has that extent's ints first; its launch method passes them;</item>
/// <item>
/// with <see cref="UsesDynamicShared"/>, OpenCL's entry ends with
/// <c>__local uchar* dynamic_shared, int dynamic_shared_bytes</c>, CUDA's has an <c>extern __shared__</c> array.
/// </item>
/// </list>
/// </remarks>
public sealed class KernelInstance
{
    /// <summary>As C# says it: <c>ElementwiseKernels.Add&lt;float&gt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The entry point's name in the texts.</summary>
    public required string Entry { get; init; }

    /// <summary>
    /// The C# method for these type arguments, which ILGPU compiles; null for a text written by hand.
    /// </summary>
    public Func<MethodInfo>? Source { get; init; }

    /// <summary>CUDA C++, without prelude; null where the kernel runs on the managed device alone.</summary>
    public required string? Cuda { get; init; }

    /// <summary>OpenCL C, without prelude; null where the kernel needs CUDA, or the managed device.</summary>
    public string? OpenCl { get; init; }

    /// <summary>What a launch passes, in order, structs flattened.</summary>
    public required IReadOnlyList<KernelParameter> Parameters { get; init; }

    /// <summary>What a device must offer; a launch elsewhere is refused.</summary>
    public KernelRequirements Requires { get; init; }

    /// <summary>Whether the kernel reads the dynamic shared memory of its launch.</summary>
    public bool UsesDynamicShared { get; init; }

    /// <summary>The C# file, relative to its project.</summary>
    public required string File { get; init; }

    /// <summary>The line of the kernel's name, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>
    /// The C# of its adjoint and of the operation that both make, as the generator wrote it; null for a kernel that is
    /// not <see cref="Dialect.DifferentiableAttribute">[Differentiable]</see>.
    /// </summary>
    public string? Adjoint { get; init; }

    /// <summary>The places in the source that the managed device's errors speak of.</summary>
    public IReadOnlyList<SourceSite> Sites { get; init; } = [];

    /// <summary>
    /// Whether values of the tunable parameters, in their order, fit together; null where all do.
    /// </summary>
    public Func<IReadOnlyList<int>, bool>? TunableWhere { get; init; }

    /// <summary>What one lane does on the managed device, every access checked.</summary>
    public required LaneBody Managed { get; init; }

    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}

/// <summary>How an argument reaches a kernel.</summary>
public enum KernelParameterKind
{
    /// <summary>Elements in device memory, with their number.</summary>
    View,

    /// <summary>A number of at most 8 bytes (16 on the managed device), by value.</summary>
    Scalar,

    /// <summary>A constant of the compiled kernel: each value is another compilation.</summary>
    Specialized,
}

/// <summary>What a kernel does with a view's memory.</summary>
public enum ViewAccess
{
    /// <summary>It may read and write.</summary>
    ReadWrite,

    /// <summary>Nothing is written through it.</summary>
    Read,

    /// <summary>And no other view of the launch may write there (<see cref="Dialect.NoAliasAttribute"/>).</summary>
    ReadUnaliased,

    /// <summary>
    /// And who launches the kernel sees to that (<see cref="Dialect.NoAliasAttribute.HeldByCaller"/>).
    /// </summary>
    ReadUnaliasedByCaller,
}

/// <summary>One argument of a launch, structs flattened: <c>cell.Weights</c> is called <c>cell_Weights</c>.</summary>
/// <param name="Name">As the texts call it.</param>
/// <param name="Kind">How it is passed.</param>
/// <param name="Type">C# name of the scalar or of the view's element: float, double, int, uint, long, ulong, byte,
/// bool.</param>
/// <param name="Access">Of a view.</param>
public sealed record KernelParameter(string Name, KernelParameterKind Kind, string Type,
    ViewAccess Access = ViewAccess.ReadWrite)
{
    /// <summary>The macro of a specialised value.</summary>
    public string Macro => "SPEC_" + Name;

    /// <summary>Values to try when the kernel is tuned; empty for a parameter that is not tunable.</summary>
    public IReadOnlyList<int> Candidates { get; init; } = [];
}
