using System.CommandLine;
using System.Globalization;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Cli;
using LdNetGpu.Train.Compilers;

namespace LdNetGpu.Train.Commands;

/// <summary><c>ldnet kernels compare</c>: what ILGPU's compiler and clang, from our CUDA text, make of each kernel.</summary>
sealed class KernelsCompareCommand : CliCommand
{
    static readonly string[] Architectures = ["sm_80", "sm_90", "sm_100", "sm_120"];

    readonly Argument<string?> name = new("NAME")
    {
        Description = "Kernels that have this in their names, or the one of this name; all by default.", Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string[]> architecture = new("--arch")
    {
        Description = $"Architecture: {string.Join(", ", Architectures)} or all; may be repeated.", HelpName = "NAME", DefaultValueFactory = _ => ["sm_90"],
    };

    public KernelsCompareCommand() : base("compare", "What two compilers make of each kernel, as figures of their PTX: ILGPU of the C# method, clang of our CUDA text.")
    {
        architecture.AcceptOnlyFromAmong([.. Architectures, "all"]);
        Examples =
        [
            ("ldnet kernels compare", "Every kernel, for sm_90."),
            ("ldnet kernels compare LstmKernels.Forward --arch sm_80 --arch sm_120", "One kernel, float and double, for two architectures."),
            ("ldnet kernels compare --arch all --json", "Everything, for a script."),
        ];
        Notes = $"""
            Each figure is a pair, ILGPU's / the text's:
            {string.Join(Environment.NewLine, ComparisonColumn.All.Select(column => $"  {column.Header,-7} {column.Meaning}"))}
            They are counted in the text, a loop once, so they say what a compiler wrote and not how fast it runs. ILGPU's mathematics is in its figures, C#'s own;
            the text's is CUDA's, and only its calls are seen. A kernel that is compiled for specialised values stands for typical ones, named in its row.
            Needs no GPU and no driver, but clang: apt install clang-19, or {ClangCompiler.Variable}=PATH. Without it ILGPU's half is shown. clang 19 knows no architecture beyond
            sm_90, and ILGPU {Devices.Ilgpu.IlgpuCompiler.Version} writes sm_80 for newer ones; PTX is virtual code, which the driver compiles for its GPU.
            Exit code 1 when a kernel does not compile.
            """;
        Add(name);
        Add(architecture);
    }

    protected override int Execute(CommandContext context)
    {
        var kernels = (context.Value(name) is { } wanted ? KernelNames.Like(wanted) : KernelCatalog.All).OrderBy(kernel => kernel.Name, StringComparer.Ordinal).ToList();
        var chosen = context.Value(architecture);
        var cache = CompiledKernelCache.Default();
        var (clang, problem) = ClangCompiler.Find(cache);
        var report = new ComparisonReport(
            [.. Architectures.Where(one => chosen.Contains("all") || chosen.Contains(one)).Select(one => CompilerComparison.Run(context, kernels, Capability(one), clang, cache))],
            clang?.Version, problem);
        context.Report(report.ToJson(), output => report.Write(output, Width(output)));
        if (problem is not null) context.Note(problem);
        return report.HasProblem ? ExitCode.UserFault : ExitCode.Success;
    }

    static int Capability(string architecture) => int.Parse(architecture.AsSpan("sm_".Length), CultureInfo.InvariantCulture);

    // A file has room for every column.
    static int Width(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected ? Console.WindowWidth : int.MaxValue;
}
