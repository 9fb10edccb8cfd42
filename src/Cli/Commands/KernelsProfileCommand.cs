using System.CommandLine;
using LdNetGpu.Cli.Compilers;
using LdNetGpu.Cli.Profiling;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet kernels profile</c>: line by line, what a kernel does to memory and where it waits, from a managed run.
/// </summary>
sealed class KernelsProfileCommand : CliCommand
{
    // As 'kernels compare' has it without being told.
    const int ComputeCapability = 90;

    readonly Argument<string> name = new("NAME")
    {
        Description = "A kernel's name as 'ldnet kernels list' prints it, or a part of several kernels' names.",
    };
    readonly Option<string[]> work = new("--work")
    {
        Description = "Rows of 'ldnet bench kernels' whose name contains this; may be repeated. By default the "
            + "one of the fewest kernels.",
        HelpName = "TEXT",
    };
    readonly Option<string[]> sizes = new("--size")
    {
        Description = "A size of the operands, as rows=64; may be repeated.", HelpName = "NAME=N",
    };
    readonly Option<string> precision = new("--dtype") { Description = "float or double.", HelpName = "NAME",
        DefaultValueFactory = _ => "float" };

    public KernelsProfileCommand()
        : base("profile",
            "Without a GPU, of each C# line of a kernel: bytes, sectors of global memory a warp touches, conflicts of "
            + "shared memory's banks, divergence, barriers; the three lines that cost most first.")
    {
        precision.AcceptOnlyFromAmong("float", "double");
        sizes.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (ProfileSizes.Problem(token.Value) is { } problem) result.AddError($"--size {problem}");
        });
        Examples =
        [
            ("ldnet kernels profile GemmKernels.Multiply",
                "A kernel in the plainest row of the benchmark that launches it."),
            ("ldnet kernels profile GemmKernels.Multiply --work lstm", "In other rows."),
            ("ldnet kernels profile Elementwise --size rows=256 --size columns=100", "At sizes of one's own."),
            ("ldnet kernels profile TensorCoreGemm --math tf32 --work gemm.NT", "Tensor cores, in one row."),
            ("ldnet kernels profile LstmKernels.Forward --json", "Every count, for a script."),
        ];
        Notes = $"""
            The rows of 'ldnet bench kernels' run on the managed device, whatever --device is by default; the launches of the kernel are counted.
            sectors/warp: sectors of 32 bytes that a warp's access touches, least: were its bytes side by side. conflicts: passes over shared memory's banks
            beyond the first. diverged: accesses that part of a warp makes, of all. waits: warps that waited at a barrier or a collective.
            An atomic operation loads and stores. cost is the line's share of sectors, passes and waits, which orders lines and is no time.
            Registers and local memory are those of the PTX for sm_{ComputeCapability}; clang reads the CUDA text (apt install clang-19, or {ClangCompiler.Variable}=PATH).
            Sizes: {ProfileSizes.Help}.
            """;
        Add(name);
        Add(work);
        Add(sizes);
        Add(precision);
    }

    protected override int Execute(CommandContext context)
    {
        if (context.Given(GlobalOptions.Device) && context.Value(GlobalOptions.Device) != "managed")
            throw new UserException(
                $"--device {context.Value(GlobalOptions.Device)}: kernels are profiled on the managed device alone. "
                + "Leave --device out.");
        var kernels = KernelNames.Library.Matching(context.Value(name));
        var parts = context.Value(work) ?? [];
        bool Wanted(string row) => parts.Length == 0
            || Array.Exists(parts, part => row.Contains(part, StringComparison.OrdinalIgnoreCase));
        var operands = ProfileSizes.Of(context.Value(sizes) ?? []);
        var profiles = context.Value(precision) == "float"
            ? new ProfileRun<float>(operands, Wanted).Of(context, kernels)
            : new ProfileRun<double>(operands, Wanted).Of(context, kernels);
        if (profiles.Count == 0)
            throw new UserException(
                $"{context.Value(name)}: none of the rows that ran launches it in {context.Value(precision)} at these "
                + "sizes ('ldnet kernels list' says when which kernel is used). Try other --size, --math, --dtype or "
                + "--work; in C# ManagedDevice.BeginProfile counts any launch.");
        if (parts.Length == 0) profiles = [.. profiles.GroupBy(one => one.Profile.Kernel).Select(PlainestRow)];
        var cache = CompiledKernelCache.Default();
        var (clang, problem) = ClangCompiler.Find(cache);
        var compiled = CompilerComparison.Run(context,
            [.. profiles.Select(one => one.Profile.Kernel).Distinct()], ComputeCapability, clang, cache);
        var report = new ProfileReport(profiles, compiled, problem);
        context.Report(report.ToJson(), report.Write);
        if (problem is not null) context.Note(problem);
        return ExitCode.Success;
    }

    // That of the fewest other kernels.
    static KernelInWork PlainestRow(IEnumerable<KernelInWork> rows)
    {
        var plainest = rows.MinBy(row => row.Others)!;
        return plainest with { AlsoIn = [.. rows.Where(row => row != plainest).Select(row => row.Work)] };
    }
}
