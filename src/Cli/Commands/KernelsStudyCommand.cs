using System.CommandLine;
using LdNetGpu.Autograd;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Cli.Studies;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet kernels study</c>: two implementations of one result, by what they move, compute and take.
/// </summary>
sealed class KernelsStudyCommand : CliCommand
{
    readonly Argument<string[]> names = new("NAME")
    {
        Description = "Studies; all by default.", Arity = ArgumentArity.ZeroOrMore,
    };
    readonly Option<int> batch = NumberOption.Of("--batch", "Rows, sequences or sentences at once.", 32, 1, 1 << 16);
    readonly Option<int> samples =
        NumberOption.Of("--samples", "Times taken of each implementation, warm and cold.", 30, 2, 10_000);
    readonly Option<FileInfo?> page = PageFile.Option("Also writes one HTML page, with rooflines.");

    public KernelsStudyCommand()
        : base("study",
            "Two implementations of one result side by side: launches, bytes, FLOPs, floors of published GPUs, and "
            + "times on --device.")
    {
        names.AcceptOnlyFromAmong([.. Study.All.Select(study => study.Name)]);
        Examples =
        [
            ("ldnet kernels study lstm-cell", "Whether a fused LSTM cell is worth it; timed on the processor."),
            ("ldnet kernels study --device cuda --batch 256 --html studies.html", "All of them on a GPU, as a page."),
            ("ldnet kernels study one-pass-adam --device managed --json", "Counts alone, for a script."),
        ];
        Notes = $"""
            {string.Join(Environment.NewLine, Study.All.Select(study => $"{study.Name}: {study.Question}"))}
            Both implementations run in float on the managed device and must come to what the first comes to in double; else the error names the element, and
            nothing is timed. Launches, bytes and FLOPs are counted in such a run. 'bytes moved' has each sector of 32 bytes once a launch.
            A floor is, launch by launch, the longer of bytes at a GPU's published bandwidth and FLOPs at its rate.
            Times are taken in turns. SAME: the ratio's 95 % interval lies within 3 % of 1. FASTER, SLOWER: it lies below or above 1, and ranks differ
            (p < 0.01). AMBIGUOUS: neither. Cold: 128 MiB of other memory are written before each call.
            """;
        Add(names);
        Add(batch);
        Add(samples);
        Add(page);
    }

    protected override int Execute(CommandContext context)
    {
        var wanted = context.Value(names) ?? [];
        var studies = Study.All.Where(study => wanted.Length == 0 || wanted.Contains(study.Name)).ToList();
        var file = context.Value(page);
        if (file is not null) PageFile.RequireFolder(file);
        var device = context.Device is ManagedDevice ? null : context.Device;
        var results = new List<StudyResult>();
        using (var progress = context.StartProgress("studies", studies.Count, "studies"))
            foreach (var study in studies)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                results.Add(Run(context, study, device));
                progress.Advance(1, study.Name);
            }
        var report = new StudyReport(context.Value(batch),
            device is null ? null : $"{device.Name} ({device.Description})", results);
        if (file is not null) PageFile.Write(file, StudyPage.Of(report));
        context.Report(report.ToJson(), report.Write);
        return ExitCode.Success;
    }

    StudyResult Run(CommandContext context, Study study, ComputeDevice? device)
    {
        var size = context.Value(batch);
        var comparison = new Comparison(study.First(size), study.Second(size),
            new() { Seed = context.Seed, Samples = context.Value(samples) });
        var results = comparison.Check();
        var (first, second) = (comparison.Count(comparison.First), comparison.Count(comparison.Second));
        var whyNot = WhyNotTimed(study, device);
        return new(study, comparison, results, first, second, whyNot is null ? comparison.Time(device!) : null, whyNot);
    }

    static string? WhyNotTimed(Study study, ComputeDevice? device) => device switch
    {
        null => "the managed device knows no time.",
        CpuDevice when study.IsOfKernels => "on the processor both are the same code.",
        GpuDevice { Capabilities.HasWarpOperations: false } when study.IsOfKernels =>
            $"{device.Name} has no warps, and runs the portable kernel for both.",
        _ => null,
    };
}
