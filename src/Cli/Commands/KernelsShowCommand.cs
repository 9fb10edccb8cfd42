using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet kernels show</c>: the text that a target's compiler gets.</summary>
sealed class KernelsShowCommand : CliCommand
{
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
        var isCuda = context.Value(target) == "cuda";
        var text = (isCuda ? kernel.Cuda : kernel.OpenCl)
            ?? throw new UserException(
                $"{kernel.Name} has no OpenCL text: it needs {kernel.Requires}. --target cuda shows it.");
        if (context.Value(prelude)) text = (isCuda ? CudaPrelude.Text : OpenClPrelude.Text) + text;
        context.Report(new JsonObject { ["name"] = kernel.Name, ["target"] = context.Value(target), ["text"] = text },
            output => output.WriteLine(text.TrimEnd()));
        return ExitCode.Success;
    }
}
