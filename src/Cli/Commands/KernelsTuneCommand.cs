using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LdNetGpu.Autograd;
using LdNetGpu.Cli.Tuning;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Kernels.Roofline;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet kernels tune</c>: the values of a kernel's tunable constants that are fastest on a device.
/// </summary>
sealed class KernelsTuneCommand : CliCommand
{
    readonly Argument<string> name = new("NAME")
    {
        Description = "A tunable kernel's name as 'ldnet kernels list' prints it.",
    };
    readonly Option<string?> work = new("--work")
    {
        Description = "The work that is timed; the kernel's first by default.", HelpName = "NAME",
    };
    readonly Option<string[]> sizes = new("--size")
    {
        Description = "A size of the work, as m=256; may be repeated.", HelpName = "NAME=N",
    };
    readonly Option<string?> budget = new("--budget")
    {
        Description = "Seconds after which nothing more is begun, as 60s, or how many candidates are tried, as 8.",
        HelpName = "SECONDSs|N",
    };
    readonly Option<FileInfo?> @out = new("--out")
    {
        Description = "Write the record to this file; by default to where launches find it.", HelpName = "FILE",
    };
    readonly Option<bool> resume = new("--resume")
    {
        Description = "Go on with the search that the file holds: what was checked is not checked again.",
    };

    public KernelsTuneCommand()
        : base("tune",
            "The values of a kernel's tunable constants that are fastest on --device: each is checked, those that pass "
            + "are timed in turns, and later launches take the chosen ones.")
    {
        work.AcceptOnlyFromAmong([.. WorkToTune.All.Select(one => one.Name)]);
        sizes.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (WorkToTune.Problem(token.Value) is { } problem) result.AddError($"--size {problem}");
        });
        budget.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Budget(token.Value) is null)
                result.AddError($"--budget {token.Value}: neither seconds, as 60s, nor a number of candidates, as 8.");
        });
        Examples =
        [
            ("ldnet kernels tune GemmKernels.Multiply --device opencl", "Tiles of products; launches take them then."),
            ("ldnet kernels tune GemmKernels.Multiply --device cuda --work gemm.NT --size m=2560 --size n=1200 "
                + "--size k=300", "In a product of one's own sizes."),
            ("ldnet kernels tune SumRowBlocks --device opencl --budget 60s --out rows.json", "Into a file alone."),
            ("ldnet kernels tune GemmKernels.Multiply --device opencl --resume", "On with what was interrupted."),
        ];
        Notes = $"""
            A candidate is timed only where the managed device finds no fault in it and its results, there and on --device, are near enough to double precision;
            else it is kept with its reason. Times are taken in turns, of calls with warm caches. A candidate leaves when another is faster: the ratio's 95 %
            interval lies above 1 and ranks differ (p < 0.01). The search ends when one is left, when noise does not tell the rest apart, or at the device's
            bandwidth or arithmetic rate, as published or as measured. The standard values stay unless something is faster.
            The record has the results of the T4 schema, version 1.0.0, and what they are of: kernel, text, flags, driver, device, class of sizes.
            Values of one record count for launches of the same; the file is below 'tuned' in the folder of compiled kernels. Delete it to go back.
            {WorkToTune.Help}.
            """;
        Add(name);
        Add(work);
        Add(sizes);
        Add(budget);
        Add(@out);
        Add(resume);
    }

    protected override int Execute(CommandContext context)
    {
        var kernel = Kernel(context.Value(name));
        var tuned = Work(kernel, context.Value(work));
        var operands = tuned.SizesOf(context.Value(sizes) ?? []);
        var file = context.Value(@out);
        if (file is not null) OutputFile.RequireFolder(@out.Name, file.ToString());
        var goesOn = context.Value(resume);
        if (file is not null && !goesOn) FileTakenException.RequireFree([file.FullName]);
        if (context.Device is not GpuDevice device || device is ManagedDevice)
            throw new UserException($"--device {context.Value(GlobalOptions.Device)}: kernels are tuned where they are "
                + "timed. Give --device opencl or cuda.");
        using var bench = new DeviceTuningBench(kernel, tuned.Of(operands), device, context.Seed);
        var path = file?.FullName ?? device.TunedKernels!.PathOf(bench.Key);
        if (goesOn && !File.Exists(path))
            throw new UserException($"--resume: there is no {path} to go on with. Leave --resume out.");
        var previous = goesOn ? TuningFolder.Read(path) : null;
        var record = Search(context, bench, SearchOptions(context, tuned, operands, device), previous, path);
        TuningFolder.Write(record, path);
        if (record.End == TuningEnd.Open) return context.Interrupted(path);
        var report = new TuningReport(record, path, IsKept: file is null);
        context.Report(JsonNode.Parse(record.ToJson())!, report.Write);
        return ExitCode.Success;
    }

    static TuningRecord Search(CommandContext context, DeviceTuningBench bench, TuningOptions options,
        TuningRecord? previous, string path)
    {
        // Between two steps everything is in the file.
        using var unsaved = UnsavedWork.Begin();
        using var shown = new ShownTuning(context, path);
        return new TuningSearch(bench, options, TimeProvider.System, shown).Run(previous, context.Cancellation);
    }

    TuningOptions SearchOptions(CommandContext context, WorkToTune tuned, int[] operands, GpuDevice device)
    {
        var rates = DeviceRates.Of(device, tuned.Bytes(operands));
        var options = new TuningOptions
        {
            Seed = context.Seed,
            Bound = 1000 * rates.BoundSeconds(tuned.Bytes(operands), tuned.Flops(operands)),
            BoundBy = FormattableString.Invariant($"{rates.BytesPerSecond / 1e9:g3} GB/s and ")
                + FormattableString.Invariant($"{rates.FlopsPerSecond / 1e9:g3} GFLOP/s, {rates.Source}"),
        };
        return context.Value(budget) is not { } text ? options
            : Budget(text) is (var time, null) ? options with { MostTime = time!.Value }
            : options with { MostCandidates = Budget(text)!.Value.Candidates!.Value };
    }

    // One of the two; null for neither.
    static (TimeSpan? Time, int? Candidates)? Budget(string text)
    {
        var isTime = text.EndsWith('s');
        if (!int.TryParse(isTime ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1) return null;
        return isTime ? (TimeSpan.FromSeconds(number), null) : (null, number);
    }

    static KernelInstance Kernel(string wanted)
    {
        var kernel = KernelNames.Library.One(wanted);
        var tunable = WorkToTune.All.Select(one => one.Kernel).Distinct().ToList();
        return tunable.Contains(kernel.Name.Split('<')[0])
            ? kernel.Name.Contains("<double", StringComparison.Ordinal)
                ? throw new UserException($"{kernel.Name}: kernels are tuned in float. Leave <double> out.") : kernel
            : throw new UserException(
                $"{kernel.Name}: no constant of it is tunable here; there are {string.Join(", ", tunable)}.");
    }

    static WorkToTune Work(KernelInstance kernel, string? wanted)
    {
        var works = WorkToTune.All.Where(one => one.Kernel == kernel.Name.Split('<')[0]).ToList();
        return works.Find(one => wanted is null || one.Name == wanted)
            ?? throw new UserException($"--work {wanted}: {kernel.Name} is tuned in {string.Join(", ",
                works.Select(one => one.Name))}.");
    }
}
