using System.CommandLine;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Cli.Compilers;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet kernels compare</c>: what ILGPU's compiler and clang, from our CUDA text, make of each kernel.
/// </summary>
sealed class KernelsCompareCommand : CliCommand
{
    static readonly string[] Architectures = ["sm_80", "sm_90", "sm_100", "sm_120"];

    readonly Argument<string?> name = new("NAME")
    {
        Description = "Kernels that have this in their names, or the one of this name; all by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string[]> architecture = new("--arch")
    {
        Description = $"Architecture: {string.Join(", ", Architectures)} or all; may be repeated.", HelpName = "NAME",
        DefaultValueFactory = _ => ["sm_90"],
    };
    readonly Option<FileInfo?> from = KernelNames.From();

    public KernelsCompareCommand() : base("compare",
        "What two compilers make of each kernel, as figures of their PTX: ILGPU of the C# method, clang of our CUDA "
        + "text.")
    {
        architecture.AcceptOnlyFromAmong([.. Architectures, "all"]);
        Examples =
        [
            ("ldnet kernels compare", "Every kernel, for sm_90."),
            ("ldnet kernels compare LstmKernels.Forward --arch sm_80 --arch sm_120",
                "One kernel, float and double, for two architectures."),
            ("ldnet kernels compare --from bin/Release/net10.0/MyOp.dll", "Those of a project of your own."),
            ("ldnet kernels compare --arch all --json", "Everything, for a script."),
        ];
        Notes = $"""
            Each figure is a pair, ILGPU's / the text's:
            {string.Join(Environment.NewLine,
                ComparisonColumn.All.Select(column => $"  {column.Header,-7} {column.Meaning}"))}
            They are counted in the text, a loop once, so they say what a compiler wrote and not how fast it runs. ILGPU's figures have its mathematics
            in them; the text's is CUDA's library, of which only the calls are seen. Where a kernel is compiled for specialised values, its row names
            those of a typical launch.
            Needs no GPU and no driver, but clang: apt install clang-19, or {ClangCompiler.Variable}=PATH; without it ILGPU's half is shown.
            The heading says where a compiler writes PTX for an older architecture than was asked for, which a newer GPU's driver takes too;
            where all figures are those of an architecture before, the heading says that in place of a table.
            Exit code 1 when a kernel does not compile.
            """;
        Add(name);
        Add(architecture);
        Add(from);
    }

    protected override int Execute(CommandContext context)
    {
        var known = KernelNames.Of(context.Value(from));
        var wanted = context.Value(name) is { } part ? known.Matching(part) : known.All;
        var kernels = wanted.OrderBy(kernel => kernel.Name, StringComparer.Ordinal).ToList();
        var chosen = context.Value(architecture);
        var capabilities = Architectures.Where(one => chosen.Contains("all") || chosen.Contains(one))
            .Select(Capability);
        var cache = CompiledKernelCache.Default();
        var (clang, problem) = ClangCompiler.Find(cache);
        var report = new ComparisonReport(
            [.. capabilities.Select(capability => CompilerComparison.Run(context, kernels, capability, clang, cache))],
            clang?.Version, problem);
        context.Report(report.ToJson(), output => report.Write(output, Width(output)));
        if (problem is not null) context.Note(problem);
        return report.HasProblem ? ExitCode.UserFault : ExitCode.Success;
    }

    static int Capability(string architecture) => int.Parse(architecture.AsSpan("sm_".Length));

    // A file has room for every column.
    static int Width(TextWriter output) => output is TerminalWriter
        ? Console.WindowWidth : int.MaxValue;
}
