using System.CommandLine;
using LdNetGpu.Cli.Benchmarks;
using LdNetGpu.Cli.Pages;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet bench compare</c>: what <c>bench kernels</c> found on several machines, side by side.</summary>
sealed class BenchCompareCommand : CliCommand
{
    readonly Argument<string[]> files = new("FILE")
    {
        Description = "What 'ldnet bench kernels --json' wrote, or the results.json of the pack for GPU machines.",
        Arity = ArgumentArity.OneOrMore,
    };
    readonly Option<bool> cold = new("--cold") { Description = "Compares times with cold caches." };
    readonly Option<double> margin =
        NumberOption.Of("--margin", "How far from 1 a ratio may be that counts as the same.", 0.03, 0.0, 1.0);
    readonly Option<FileInfo?> page = PageFile.Option("Also writes one HTML page, with rooflines.");

    public BenchCompareCommand()
        : base("compare", "Lays any number of machines' kernels side by side, each held against the first, with noise "
            + "and a verdict.")
    {
        Examples =
        [
            ("ldnet bench compare h100.json h200.json", "A table with the ratio of each row, and FASTER, SLOWER, SAME "
                + "or AMBIGUOUS."),
            ("ldnet bench compare h100.json h200.json l4.json --cold --html gpus.html",
                "Three of them with cold caches, and a page with their rooflines."),
        ];
        Notes = """
            A ratio is of medians, with the interval that holds it with a probability of 95 % (bootstrap of both runs' calls). SAME: the interval lies within
            --margin of 1. FASTER, SLOWER: it lies below or above 1, and ranks differ (Mann-Whitney, p < 0.01). AMBIGUOUS: neither.
            'of floor' is of what copies and products of the same run reached: it compares how well kernels use a machine, not the machines.
            Runs of the same sizes alone are compared. Files of another version are refused.
            """;
        Add(files);
        Add(cold);
        Add(margin);
        Add(page);
    }

    protected override int Execute(CommandContext context)
    {
        var file = context.Value(page);
        if (file is not null) PageFile.RequireFolder(file);
        var comparison = new MachineComparison([.. context.Value(files)!.SelectMany(MachineRun.Read)],
            context.Value(cold), context.Value(margin));
        if (file is not null) PageFile.Write(file, MachinePage.Of(comparison));
        context.Report(comparison.ToJson(), comparison.Write);
        return ExitCode.Success;
    }
}
