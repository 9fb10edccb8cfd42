using System.CommandLine;
using System.Numerics;
using LdNetGpu.Cli.Compilers;
using LdNetGpu.Cli.OwnCode;
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
        Description = "Rows of 'ldnet bench kernels', or implementations of --from, whose name contains this; may be "
            + "repeated. By default the one of the fewest kernels.",
        HelpName = "TEXT",
    };
    readonly Option<string[]> sizes = new("--size")
    {
        Description = "A size of the operands, as rows=64; may be repeated.", HelpName = "NAME=N",
    };
    readonly Option<string> precision = new("--dtype") { Description = "float or double.", HelpName = "NAME",
        DefaultValueFactory = _ => "float" };
    readonly Option<FileInfo?> from = OwnAssembly.Option("An assembly of your own, whose implementations launch the "
        + "kernels in place of the benchmark's rows.");
    readonly Option<int> batch = NumberOption.Of("--batch",
        "With --from: what implementations are made of that take a batch.", 32, 1, 1 << 16);

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
        Validators.Add(result =>
        {
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            if (Given(from) && Given(sizes))
                result.AddError("--size is of the benchmark's rows, which do not run with --from. An implementation "
                    + "has its own sizes, or takes --batch.");
            if (Given(from) && Given(GlobalOptions.Math))
                result.AddError("--math is for the benchmark's rows, which do not run with --from. An implementation "
                    + "says by its Kernels how exact products are.");
            if (Given(batch) && !Given(from))
                result.AddError("--batch is what implementations of --from are made of. The benchmark's rows take "
                    + "--size batch=N.");
        });
        Examples =
        [
            ("ldnet kernels profile GemmKernels.Multiply",
                "A kernel in the plainest row of the benchmark that launches it."),
            ("ldnet kernels profile GemmKernels.Multiply --work lstm", "In other rows."),
            ("ldnet kernels profile Elementwise --size rows=256 --size columns=100", "At sizes of one's own."),
            ("ldnet kernels profile TensorCoreGemm --math tf32 --work gemm.NT", "Tensor cores, in one row."),
            ("ldnet kernels profile LstmKernels.Forward --json", "Every count, for a script."),
            ("ldnet kernels profile Gate --from bin/Release/net10.0/MyOp.dll --work FusedGate",
                "A kernel of your own, as an implementation of yours launches it."),
        ];
        Notes = $"""
            The rows of 'ldnet bench kernels' run on the managed device, whatever --device is by default; the launches of the kernel are counted.
            sectors/warp: sectors of 32 bytes that a warp's access touches, least: were its bytes side by side. conflicts: passes over shared memory's banks
            beyond the first. diverged: accesses that part of a warp makes, of all. waits: warps that waited at a barrier or a collective.
            An atomic operation loads and stores. cost is the line's share of sectors, passes and waits, which orders lines and is no time.
            Registers and local memory are those of the PTX for sm_{ComputeCapability}; clang reads the CUDA text (apt install clang-19, or {ClangCompiler.Variable}=PATH).
            With --from its implementations run instead of the rows: public types that implement IImplementation, with a public constructor of nothing or of
            one int, which is --batch. NAME is any kernel that they launch, the library's too.
            Sizes: {ProfileSizes.Help}.
            """;
        Add(name);
        Add(work);
        Add(sizes);
        Add(precision);
        Add(from);
        Add(batch);
    }

    protected override int Execute(CommandContext context)
    {
        if (context.Given(GlobalOptions.Device) && context.Value(GlobalOptions.Device) != "managed")
            throw new UserException(
                $"--device {context.Value(GlobalOptions.Device)}: kernels are profiled on the managed device alone. "
                + "Leave --device out.");
        var profiles = context.Value(precision) == "float" ? Profiles<float>(context) : Profiles<double>(context);
        if ((context.Value(work) ?? []).Length == 0)
            profiles = [.. profiles.GroupBy(one => one.Profile.Kernel).Select(PlainestWork)];
        var cache = CompiledKernelCache.Default();
        var (clang, problem) = ClangCompiler.Find(cache);
        var compiled = CompilerComparison.Run(context,
            [.. profiles.Select(one => one.Profile.Kernel).Distinct()], ComputeCapability, clang, cache);
        var report = new ProfileReport(profiles, compiled, problem);
        context.Report(report.ToJson(), report.Write);
        if (problem is not null) context.Note(problem);
        return ExitCode.Success;
    }

    // Of at least one kernel.
    IReadOnlyList<KernelInWork> Profiles<T>(CommandContext context) where T : unmanaged, IFloatingPointIeee754<T> =>
        context.Value(from) is { } file ? OfOwn<T>(context, OwnAssembly.Load(file)) : OfRows<T>(context);

    IReadOnlyList<KernelInWork> OfRows<T>(CommandContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kernels = KernelNames.Library.Matching(context.Value(name));
        var rows = ProfiledWork<T>.Rows(ProfileSizes.Of(context.Value(sizes) ?? []), context.Math);
        var launched = ProfileRun.Of(context, "rows", [.. rows.Where(row => IsWanted(context, row.Name))]);
        List<KernelInWork> found = [.. launched.Where(one => kernels.Contains(one.Profile.Kernel))];
        return found.Count > 0 ? found : throw new UserException(
            $"{context.Value(name)}: none of the rows that ran launches it in {context.Value(precision)} at these "
            + "sizes ('ldnet kernels list' says when which kernel is used). Try other --size, --math, --dtype or "
            + "--work; in C# ManagedDevice.BeginProfile counts any launch.");
    }

    IReadOnlyList<KernelInWork> OfOwn<T>(CommandContext context, OwnAssembly assembly)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var all = OwnImplementations.Of(assembly, context.Value(batch)).All;
        List<OwnImplementation> wanted =
            [.. all.Where(one => IsWanted(context, one.Name) || IsWanted(context, one.Type.Name))];
        if (wanted.Count == 0)
            throw new UserException($"--work: no implementation of {assembly.Name} has that in its name; there are "
                + $"{OwnImplementations.Words(all)}.");
        if (context.Given(batch) && !wanted.Exists(one => one.TakesBatch))
            throw new UserException($"--batch: not taken by {OwnImplementations.Words(wanted)}; one is made of it by a "
                + "public constructor of one int. Leave --batch out.");
        OwnImplementations.RequireApart(wanted);
        var launched = ProfileRun.Of(context, "implementations",
            [.. wanted.Select(one => ProfiledWork<T>.Of(one, context.Seed))]);
        var known = new KernelNames([.. launched.Select(one => one.Profile.Kernel).Distinct()], assembly.Name);
        var kernels = known.Find(context.Value(name));
        return kernels.Count > 0 ? [.. launched.Where(one => kernels.Contains(one.Profile.Kernel))]
            : throw new UserException(
                $"{context.Value(name)}: no such kernel is launched by {OwnImplementations.Words(wanted)} of "
                + $"{assembly.Name} in {context.Value(precision)}; those that are: "
                + (known.All.Count == 0 ? "none." : string.Join(", ", known.All.Select(kernel => kernel.Name)) + "."));
    }

    // By a part of its name; everything where no part is given.
    bool IsWanted(CommandContext context, string one) => context.Value(work) is not { Length: > 0 } parts
        || Array.Exists(parts, part => one.Contains(part, StringComparison.OrdinalIgnoreCase));

    // That of the fewest other kernels.
    static KernelInWork PlainestWork(IEnumerable<KernelInWork> works)
    {
        var plainest = works.MinBy(one => one.Others)!;
        return plainest with { AlsoIn = [.. works.Where(one => one != plainest).Select(one => one.Work)] };
    }
}
