using System.Text;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator;

/// <summary>One instance of a kernel: its texts, and the C# that makes its KernelInstance.</summary>
sealed class InstanceWriter
{
    const string Gpu = "global::LdNetGpu.Devices.Gpu.";
    readonly KernelCandidate kernel;
    readonly ProjectOptions project;
    readonly TranslationUnit cuda, openCl;
    readonly string entry;

    public InstanceWriter(KernelCandidate kernel, IMethodSymbol instance, ProjectOptions project, CancellationToken cancellation)
    {
        (this.kernel, Method, this.project) = (kernel, instance, project);
        entry = Symbols.FunctionName(instance);
        cuda = Translate(new CudaTarget(), cancellation);
        openCl = Translate(new OpenClTarget(), cancellation);
    }

    public IMethodSymbol Method { get; }

    public string PropertyName => entry + "_Instance";

    public IEnumerable<DiagnosticInfo> Diagnostics => cuda.Diagnostics.Concat(IsPortable ? openCl.Diagnostics : []);

    // OpenCL runs what needs no more than double precision.
    bool IsPortable => (cuda.Requires & ~Requirements.Double) == Requirements.None;

    TranslationUnit Translate(Target target, CancellationToken cancellation)
    {
        var unit = new TranslationUnit(kernel.Compilation, target, project.FileOf, cancellation);
        var function = new DeviceFunction(unit.Unique(entry));
        try
        {
            unit.Append(new FunctionTranslator(unit, Method, function, "").EntryPoint());
        }
        catch (UnsupportedException unsupported)
        {
            unit.Report(unsupported.Diagnostic);
        }
        return unit;
    }

    public string Text(CheckedBody body)
    {
        var parameters = LaunchParameters.Of(kernel.Compilation, Method);
        var text = new StringBuilder();
        text.Append($"    internal static {Gpu}KernelInstance {PropertyName} {{ get; }} = new()\n    {{\n");
        text.Append($"        Name = \"{Method.ContainingType.Name}."
            + Method.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat
                .WithParameterOptions(SymbolDisplayParameterOptions.None).WithMemberOptions(SymbolDisplayMemberOptions.None))
            + "\",\n");
        text.Append($"        Entry = \"{entry}\",\n");
        text.Append($"        Parameters =\n        [\n{string.Concat(parameters.Select(Parameter))}        ],\n");
        text.Append($"        Requires = ({Gpu}KernelRequirements){(int)cuda.Requires},\n");
        text.Append($"        UsesDynamicShared = {(cuda.UsesDynamicShared ? "true" : "false")},\n");
        text.Append($"        File = \"{project.FileOf(kernel.Syntax.SyntaxTree)}\",\n");
        text.Append($"        Line = {kernel.Syntax.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1},\n");
        text.Append(body.InstanceMembers(Method));
        text.Append($"        Cuda =\n\"\"\"\n{cuda}\"\"\",\n");
        if (IsPortable) text.Append($"        OpenCl =\n\"\"\"\n{openCl}\"\"\",\n");
        return text.Append("    };\n\n").ToString();
    }

    static string Parameter(LaunchParameter parameter) =>
        $"            new(\"{parameter.Name}\", {Gpu}KernelParameterKind.{parameter.Kind}, \"{parameter.Type.ToDisplayString()}\"),\n";
}
