using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Cli.Compilers;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet kernels show</c>: the text that a target's compiler gets, or ILGPU's PTX.</summary>
sealed class KernelsShowCommand : CliCommand
{
    // As 'kernels compare' has it without being told.
    const int ComputeCapability = 90;

    readonly Argument<string> name = new("NAME") { Description = "A kernel's name as 'ldnet kernels list' prints it, " +
        "without <type> for the one of floats, or the part of it that no other has." };
    readonly Option<string> target =
        new("--target") { Description = "cuda or opencl.", HelpName = "NAME", DefaultValueFactory = _ => "cuda" };
    readonly Option<bool> prelude =
        new("--prelude") { Description = "With what is put before every kernel, as the compiler gets it." };

    public KernelsShowCommand()
        : base("show", "The text of one kernel for one target, with the C# lines it comes from.")
    {
        target.AcceptOnlyFromAmong("cuda", "opencl");
        Examples =
        [
            ("ldnet kernels show GemmKernels.Multiply --target opencl", "One kernel's OpenCL C, for floats."),
            ("ldnet kernels show \"GemmKernels.Multiply<double>\"", "Its CUDA C++ for doubles."),
            ("ldnet kernels show \"GemmKernels.Multiply<float>\" --prelude > gemm.cu",
                "All that a CUDA compiler needs."),
            ("ldnet kernels show GemmKernels.Multiply --compiler ilgpu", "ILGPU's PTX for sm_90, without a text."),
        ];
        Add(name);
        Add(target);
        Add(prelude);
    }

    protected override int Execute(CommandContext context)
    {
        var wanted = context.Value(name);
        var kernel = KernelNames.One(wanted);
        if (kernel.Name != wanted) context.Note($"{kernel.Name}, {kernel.File}:{kernel.Line}");
        var text = context.Compiler == KernelCompiler.Ilgpu ? Ptx(context, kernel) : Text(context, kernel);
        context.Report(
            new JsonObject
            {
                ["name"] = kernel.Name, ["target"] = context.Value(target),
                ["compiler"] = context.Compiler == KernelCompiler.Ilgpu ? "ilgpu" : "text", ["text"] = text,
            },
            output => output.WriteLine(text.TrimEnd()));
        return ExitCode.Success;
    }

    string Text(CommandContext context, KernelInstance kernel)
    {
        var isCuda = context.Value(target) == "cuda";
        var text = (isCuda ? kernel.Cuda : kernel.OpenCl)
            ?? throw new UserException(
                $"{kernel.Name} has no OpenCL text: it needs {kernel.Requires}. --target cuda shows it.");
        return context.Value(prelude) ? (isCuda ? CudaPrelude.Text : OpenClPrelude.Text) + text : text;
    }

    string Ptx(CommandContext context, KernelInstance kernel)
    {
        if (context.Value(target) != "cuda" || context.Value(prelude))
            throw new UserException(
                "--compiler ilgpu shows PTX, which is for cuda and has no prelude. Leave --target and --prelude out.");
        if ((kernel.Requires & KernelRequirements.TextOnly) is var missing && missing != KernelRequirements.None)
            throw new UserException(
                $"{kernel.Name} needs {missing}, which ILGPU does not have: it is compiled from its text alone. Leave "
                + "--compiler out.");
        using var compiler = new IlgpuCompiler(ComputeCapability, CompilerComparison.DriverVersion,
            CompiledKernelCache.Default());
        return compiler.Compile(kernel, KernelSpecializations.Typical(kernel, CompilerComparison.Tags));
    }
}
