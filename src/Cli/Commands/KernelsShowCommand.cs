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
    readonly Option<bool> adjoint = new("--adjoint")
    {
        Description = "The C# of the adjoint that the generator wrote of a [Differentiable] kernel, and its operation.",
    };
    readonly Option<FileInfo?> from = KernelNames.From();

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
            ("ldnet kernels show Softplus --from bin/Release/net10.0/MyOp.dll --adjoint",
                "The adjoint of a kernel of your own."),
        ];
        Add(name);
        Add(target);
        Add(prelude);
        Add(adjoint);
        Add(from);
    }

    protected override int Execute(CommandContext context)
    {
        var wanted = context.Value(name);
        var kernel = KernelNames.Of(context.Value(from)).One(wanted);
        if (kernel.Name != wanted) context.Note($"{kernel.Name}, {kernel.File}:{kernel.Line}");
        if (context.Value(adjoint)) return Adjoint(context, kernel);
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

    int Adjoint(CommandContext context, KernelInstance kernel)
    {
        if (context.Given(target) || context.Value(prelude) || context.Given(GlobalOptions.Compiler))
            throw new UserException("--adjoint shows C#. Leave --target, --prelude and --compiler out.");
        var text = kernel.Adjoint ?? throw new UserException(
            $"{kernel.Name} has no adjoint that was generated: it is not [Differentiable].");
        context.Report(new JsonObject { ["name"] = kernel.Name, ["adjoint"] = text },
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
