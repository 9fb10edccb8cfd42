using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Adjoint;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Output;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator;

/// <summary>
/// Each [Kernel] method becomes CUDA C++, OpenCL C, a checked body for the managed device, and a typed launch method.
/// </summary>
[Generator]
public sealed class KernelGenerator : IIncrementalGenerator
{
    /// <summary>The pipeline's steps, as incrementality is observed by.</summary>
    public const string KernelsStep = "Kernels", CatalogStep = "Catalog";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var project = context.AnalyzerConfigOptionsProvider.Select(ProjectOptions.Read);
        var kernels = context.SyntaxProvider
            .ForAttributeWithMetadataName(Kinds.Dialect + ".KernelAttribute", KernelReader.IsMethod,
            KernelReader.Candidate)
            .Combine(project)
            .SelectMany((pair, cancellation) => DifferentiableReader.Read(pair.Left, pair.Right, cancellation))
            .WithTrackingName(KernelsStep);
        var catalog = kernels.Where(kernel => kernel.Instances.Count > 0)
            .Select((kernel, _) => new CatalogEntry(kernel.Class, kernel.Instances)).Collect()
            .Select((entries, _) => new EquatableArray<CatalogEntry>(entries))
            .Combine(project)
            .WithTrackingName(CatalogStep);

        context.RegisterSourceOutput(kernels.SelectMany((kernel, _) => kernel.Diagnostics),
            (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        context.RegisterSourceOutput(kernels.Where(kernel => kernel.Members.Length > 0),
            (output, kernel) => output.AddSource(kernel.HintName, SourceFile.Of(kernel.Class, kernel.Members)));
        context.RegisterSourceOutput(kernels.Where(kernel => kernel.Source.Length > 0),
            (output, kernel) => output.AddSource(kernel.HintName, kernel.Source));
        context.RegisterSourceOutput(catalog, (output, pair) => CatalogFile.Write(output, pair.Left, pair.Right));
    }
}
