using System.Text.Json.Nodes;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Cli.Compilers;

/// <summary>Comparisons for several architectures, as a table and as JSON.</summary>
/// <param name="Clang">clang's version; null where it is not here.</param>
/// <param name="ClangProblem">Why it is not here, and what to do.</param>
sealed record ComparisonReport(IReadOnlyList<CompilerComparison> Architectures, string? Clang, string? ClangProblem)
{
    IEnumerable<CompilerResult> Results =>
        Architectures.SelectMany(one => one.Kernels).SelectMany(kernel => new[] { kernel.Ilgpu, kernel.Text });

    /// <summary>Whether a compiler did not come through with a kernel that it should take.</summary>
    public bool HasProblem => Results.Any(result => result.Failed);

    /// <summary>Everything, with the figures' full names.</summary>
    public JsonObject ToJson() => new()
    {
        ["ilgpu"] = IlgpuCompiler.Version,
        ["clang"] = Clang,
        ["clang_problem"] = ClangProblem,
        ["architectures"] = new JsonArray([.. Architectures.Select(one => (JsonNode)new JsonObject
        {
            ["architecture"] = one.Architecture,
            ["kernels"] = new JsonArray([.. one.Kernels.Select(ToJson)]),
        })]),
    };

    /// <summary>
    /// One table for each architecture, or a line where it would be an earlier one's; then what did not compile.
    /// </summary>
    /// <param name="width">Columns of the terminal.</param>
    public void Write(TextWriter output, int width)
    {
        for (var i = 0; i < Architectures.Count; i++)
        {
            var one = Architectures[i];
            var ilgpu = $"ILGPU {IlgpuCompiler.Version}{Target(one, kernel => kernel.Ilgpu)}";
            var text = $"the CUDA text by {Clang ?? "clang, which is not here"}{Target(one, kernel => kernel.Text)}";
            var heading = $"{one.Architecture}: {ilgpu} / {text}";
            if (Architectures.Take(i).FirstOrDefault(one.HasFiguresOf) is { } same)
                output.WriteLine($"{heading}: every figure is that of {same.Architecture}.");
            else
            {
                output.WriteLine(heading);
                new ComparisonTable(one.Kernels, width).WriteTo(output);
            }
            output.WriteLine();
        }
        foreach (var problem in Results.Where(result => result.Failed).Select(result => result.Problem).Distinct())
            output.WriteLine(problem);
    }

    static JsonNode ToJson(KernelComparison one) => new JsonObject
    {
        ["name"] = one.Kernel.Name,
        ["file"] = one.Kernel.File,
        ["line"] = one.Kernel.Line,
        ["specialized"] = new JsonArray([.. one.Specialized.Select(value => (JsonNode)value)]),
        ["ilgpu"] = ToJson(one.Ilgpu),
        ["text"] = ToJson(one.Text),
    };

    static JsonObject ToJson(CompilerResult result)
    {
        var json = new JsonObject { ["target"] = result.Target, ["problem"] = result.Problem };
        foreach (var column in ComparisonColumn.All)
            json[column.Name] = result.Counts is { } counts ? column.Value(counts) : null;
        json["recursive"] = result.Counts?.IsRecursive;
        return json;
    }

    // What the compiler wrote its PTX for, where it is not what was asked for: the driver takes it all the same.
    static string Target(CompilerComparison one, Func<KernelComparison, CompilerResult> compiler) =>
        one.Kernels.Select(kernel => compiler(kernel).Target).FirstOrDefault(target => target is not null) is { } target
            && target != one.Architecture
            ? $" (its PTX is for {target})"
            : "";
}
