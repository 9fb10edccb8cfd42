using System.CommandLine;
using LdNetGpu.Autograd;
using LdNetGpu.Cli.OwnCode;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Cli.Studies;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet kernels study</c>: two implementations of one result, by what they move, compute and take.
/// </summary>
sealed class KernelsStudyCommand : CliCommand
{
    readonly Argument<string[]> names = new("NAME")
    {
        Description = "Studies; all by default. With --from, two implementations of that assembly: the first is what "
            + "the second is held against.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    readonly Option<FileInfo?> from = OwnAssembly.Option(
        "An assembly with implementations of your own, built with the packages; of two in it no names are needed.");
    readonly Option<int> batch = NumberOption.Of("--batch", "Rows, sequences or sentences at once.", 32, 1, 1 << 16);
    readonly Option<int> samples =
        NumberOption.Of("--samples", "Times taken of each implementation, warm and cold.", 30, 2, 10_000);
    readonly Option<FileInfo?> page = PageFile.Option("Also writes one HTML page, with rooflines.");

    public KernelsStudyCommand()
        : base("study",
            "Two implementations of one result side by side: launches, bytes, FLOPs, floors of published GPUs, and "
            + "times on --device.")
    {
        names.CompletionSources.Add([.. Study.All.Select(study => study.Name)]);
        Validators.Add(result =>
        {
            var given = result.GetValue(names) ?? [];
            if (result.GetResult(from) is null)
                foreach (var name in given)
                    if (Problem(name) is { } problem) result.AddError(problem);
            if (result.GetResult(from) is not null && given.Length is not (0 or 2))
                result.AddError($"--from compares two implementations, and {given.Length} "
                    + $"{(given.Length == 1 ? "is" : "are")} named: {string.Join(", ", given)}.");
        });
        Examples =
        [
            ("ldnet kernels study lstm-cell", "Whether a fused LSTM cell is worth it; timed on the processor."),
            ("ldnet kernels study --device cuda --batch 256 --html studies.html", "All of them on a GPU, as a page."),
            ("ldnet kernels study one-pass-adam --device managed --json", "Counts alone, for a script."),
            ("ldnet kernels study ComposedGate FusedGate --from bin/Release/net10.0/MyOp.dll --device opencl",
                "Two implementations of your own."),
        ];
        Notes = $"""
            {string.Join(Environment.NewLine, Study.All.Select(study => $"{study.Name}: {study.Question}"))}
            Both implementations run in float on the managed device and must come to what the first comes to in double; else the error names the element, and
            nothing is timed. Launches, bytes and FLOPs are counted in such a run. 'bytes moved' has each sector of 32 bytes once a launch.
            A floor is, launch by launch, the longer of bytes at a GPU's published bandwidth and FLOPs at its rate.
            Times are taken in turns. SAME: the ratio's 95 % interval lies within 3 % of 1. FASTER, SLOWER: it lies below or above 1, and ranks differ
            (p < 0.01). AMBIGUOUS: neither. Cold: 128 MiB of other memory are written before each call.
            An implementation of --from is a public type that implements IImplementation and has a public constructor of nothing or of one int, which is
            --batch; it is named by its type or by its Name. One that launches kernels of its own is not timed on cpu, and as the first runs in double on the
            managed device.
            """;
        Add(names);
        Add(from);
        Add(batch);
        Add(samples);
        Add(page);
    }

    protected override int Execute(CommandContext context)
    {
        var file = context.Value(page);
        if (file is not null) PageFile.RequireFolder(file);
        var (studies, size) = Chosen(context);
        var device = context.Device is ManagedDevice ? null : context.Device;
        var results = new List<StudyResult>();
        using (var progress = context.StartProgress("studies", studies.Count, "studies"))
            foreach (var study in studies)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                results.Add(Run(context, study, size, device));
                progress.Advance(1, study.Name);
            }
        var report = new StudyReport(size,
            device is null ? null : $"{device.Name} ({device.Description})", results);
        if (file is not null) PageFile.Write(file, StudyPage.Of(report));
        context.Report(report.ToJson(), report.Write);
        return ExitCode.Success;
    }

    // The studies, and their batch where one is taken.
    (IReadOnlyList<Study> Studies, int? Batch) Chosen(CommandContext context)
    {
        var wanted = context.Value(names) ?? [];
        var size = context.Value(batch);
        if (context.Value(from) is not { } file)
            return ([.. Study.All.Where(study => wanted.Length == 0 || wanted.Contains(study.Name))], size);
        var assembly = OwnAssembly.Load(file);
        var (first, second) = OwnImplementations.Of(assembly, size).Two(wanted);
        var takesBatch = first.TakesBatch || second.TakesBatch;
        if (context.Given(batch) && !takesBatch)
            throw new UserException($"--batch: neither {first.Words} nor {second.Words} is made of it, by a public "
                + "constructor of one int. Leave --batch out.");
        return ([Study.Of(assembly.Name, first, second)], takesBatch ? size : null);
    }

    StudyResult Run(CommandContext context, Study study, int? size, ComputeDevice? device)
    {
        var comparison = new Comparison(study.First(size ?? 0), study.Second(size ?? 0),
            new() { Seed = context.Seed, Samples = context.Value(samples) });
        var results = comparison.Check();
        var (first, second) = (comparison.Count(comparison.First), comparison.Count(comparison.Second));
        var whyNot = WhyNotTimed(study, device);
        (SpeedComparison, SpeedComparison)? times = null;
        try
        {
            if (whyNot is null) times = comparison.Time(device!);
        }
        catch (UnsupportedOnDeviceException) when (device is CpuDevice)
        {
            whyNot = "one of the two launches kernels of its own, which the processor does not run. --device opencl "
                + "or cuda times them.";
        }
        return new(study, comparison, results, first, second, times, whyNot);
    }

    // What is wrong with a study's name; null where nothing is.
    static string? Problem(string name)
    {
        string[] known = [.. Study.All.Select(study => study.Name)];
        if (known.Contains(name)) return null;
        var meant = NearestName.Of(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        return $"{name}: no study is called that; there are {string.Join(", ", known)}.{meant} --from FILE.dll "
            + "compares implementations of your own.";
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
