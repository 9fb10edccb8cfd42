using System.Globalization;
using System.Text;
using LdNetGpu.Devices.Gpu;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Adjoint;
using LdNetGpu.Kernels.Generator.Checked;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Targets;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Output;

/// <summary>One instance of a kernel: its texts, and the C# that makes its KernelInstance.</summary>
sealed class InstanceWriter
{
    const string Gpu = "global::LdNetGpu.Devices.Gpu.";
    readonly KernelCandidate kernel;
    readonly ProjectOptions project;
    readonly TranslationUnit cuda, openCl;
    readonly List<LaunchParameter> parameters;
    readonly List<ViewAccess> views = [];
    readonly List<DiagnosticInfo> misused = [];
    readonly string entry;

    public InstanceWriter(KernelCandidate kernel, IMethodSymbol instance, ProjectOptions project,
        CancellationToken cancellation)
    {
        (this.kernel, Method, this.project) = (kernel, instance, project);
        entry = Symbols.FunctionName(instance);
        parameters = LaunchParameters.Of(kernel.Compilation, instance);
        FindAccess(Translate(new CudaTarget(), views: null, cancellation));
        cuda = Translate(new CudaTarget(), views, cancellation);
        openCl = Translate(new OpenClTarget(), views, cancellation);
    }

    public IMethodSymbol Method { get; }

    public string PropertyName => entry + "_Instance";

    public IEnumerable<DiagnosticInfo> Diagnostics =>
        cuda.Diagnostics.Concat(IsPortable ? openCl.Diagnostics : []).Concat(misused);

    // OpenCL runs what needs no more than double precision.
    bool IsPortable => (cuda.Requires & ~KernelRequirements.Double) == KernelRequirements.None;

    // A text that cannot be translated is reported by the translations that follow.
    void FindAccess(TranslationUnit trial)
    {
        foreach (var view in parameters.Where(parameter => parameter.Kind == LaunchKind.View))
        {
            var isWritten = trial.Diagnostics.Count > 0 || trial.Marks.IsWritten(views.Count);
            if (isWritten && view.ReadAccess != ViewAccess.Read && trial.Diagnostics.Count == 0)
                misused.Add(DiagnosticInfo.At(Unsupported.WrittenNoAlias, view.Source!.Locations[0], view.Name));
            views.Add(isWritten ? ViewAccess.ReadWrite : view.ReadAccess);
        }
    }

    TranslationUnit Translate(Target target, IReadOnlyList<ViewAccess>? views, CancellationToken cancellation)
    {
        var unit = new TranslationUnit(kernel.Compilation, target, project.FileOf, cancellation) { Views = views };
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
        var text = new StringBuilder();
        text.Append($"    internal static {Gpu}KernelInstance {PropertyName} {{ get; }} = new()\n    {{\n");
        text.Append(Members(Method, parameters, body));
        text.Append($"        Cuda =\n\"\"\"\n{cuda}\"\"\",\n");
        if (IsPortable) text.Append($"        OpenCl =\n\"\"\"\n{openCl}\"\"\",\n");
        return text.Append("    };\n\n").ToString();
    }

    /// <summary>The class whose instance runs on the managed device for all type arguments besides.</summary>
    public string OnManaged(CheckedBody body)
    {
        var method = kernel.Method;
        var generic = string.Join(", ", method.TypeParameters.Select(parameter => parameter.Name));
        return $"    static class {method.Name}Managed<{generic}>{LaunchMethod.Constraints(method.TypeParameters)}\n"
            + $"    {{\n        internal static readonly {Gpu}KernelInstance Instance = new()\n    {{\n"
            + Members(method, LaunchParameters.Of(kernel.Compilation, method), body)
            + "        Cuda = null,\n    };\n    }\n\n";
    }

    string Members(IMethodSymbol method, List<LaunchParameter> parameters, CheckedBody body)
    {
        var text = new StringBuilder();
        text.Append($"        Name = \"{method.ContainingType.Name}."
            + method.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat
                .WithParameterOptions(SymbolDisplayParameterOptions.None)
                .WithMemberOptions(SymbolDisplayMemberOptions.None))
            + "\",\n");
        text.Append($"        Entry = \"{Symbols.FunctionName(method)}\",\n");
        var owner = method.ContainingType.ToDisplayString(Symbols.FullyQualified);
        text.Append($"        Source = static () => ((global::System.Delegate){owner}.{NameOf(method)}).Method,\n");
        text.Append($"        Parameters =\n        [\n{Parameters(parameters)}        ],\n");
        if (Tunables.Where(method) is { } where) text.Append($"        TunableWhere = {where},\n");
        text.Append($"        Requires = ({Gpu}KernelRequirements){(int)cuda.Requires},\n");
        text.Append($"        UsesDynamicShared = {(cuda.UsesDynamicShared ? "true" : "false")},\n");
        text.Append($"        File = \"{project.FileOf(kernel.Syntax.SyntaxTree)}\",\n");
        text.Append(
            $"        Line = {kernel.Syntax.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1},\n");
        if (DifferentiableReader.IsDifferentiable(kernel.Method))
            text.Append($"        Adjoint = {DifferentiableReader.TextOf(kernel.Method)},\n");
        return text.Append(body.InstanceMembers(method)).ToString();
    }

    // A method group says which of the overloads it means by its type arguments.
    static string NameOf(IMethodSymbol method) => method.Arity == 0 ? method.Name
        : $"{method.Name}<"
        + $"{string.Join(", ", method.TypeArguments.Select(type => type.ToDisplayString(Symbols.FullyQualified)))}>";

    string Parameters(List<LaunchParameter> parameters)
    {
        var text = new StringBuilder();
        var next = 0;
        foreach (var parameter in parameters)
        {
            var access = parameter.Kind == LaunchKind.View ? $", {Gpu}ViewAccess.{views[next++]}" : "";
            var candidates = parameter.Candidates.Count == 0 ? ""
                : $" {{ Candidates = [{string.Join(", ", parameter.Candidates.Select(Literal))}] }}";
            text.Append(
                $"            new(\"{parameter.Name}\", {Gpu}KernelParameterKind.{parameter.Kind}, "
                + $"\"{parameter.Type.ToDisplayString()}\"{access}){candidates},\n");
        }
        return text.ToString();
    }

    static string Literal(int value) => value.ToString(CultureInfo.InvariantCulture);
}
