using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Cli.Compilers;

/// <summary>One kernel as two compilers see it.</summary>
/// <param name="Specialized">The specialised values that it was compiled for, in order.</param>
/// <param name="Ilgpu">ILGPU's compiler, from the C# method.</param>
/// <param name="Text">clang, from the CUDA C++ that the generator made of it.</param>
sealed record KernelComparison(KernelInstance Kernel, IReadOnlyList<int> Specialized, CompilerResult Ilgpu,
    CompilerResult Text)
{
    /// <summary>Class and method apart, for kernels are shown by class.</summary>
    public string Class => Kernel.Name[..Kernel.Name.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Method, type and specialised values: <c>Multiply&lt;float&gt;(0, 4, 4, 0)</c>.</summary>
    public string Method =>
        Kernel.Name[(Class.Length + 1)..] + (Specialized.Count == 0 ? "" : $"({string.Join(", ", Specialized)})");

    /// <summary>
    /// How many times the text's instructions ILGPU has; null where a library's are in neither figure, or one has none.
    /// </summary>
    public double? Ratio => Ilgpu.Counts is { LibraryCalls: 0 } ilgpu && Text.Counts is { LibraryCalls: 0 } text
        ? (double)ilgpu.Instructions / text.Instructions
        : null;
}
