using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet kernels list</c>: every kernel, where it is written and what it needs.</summary>
sealed class KernelsListCommand : CliCommand
{
    readonly Option<FileInfo?> from = KernelNames.From();

    public KernelsListCommand()
        : base("list", "Every kernel with its C# line, the targets it has a text for, what it needs of a device, " +
            "and of each operation that several can do, when which is used.")
    {
        Examples =
        [
            ("ldnet kernels list", "All of them."),
            ("ldnet kernels list --device cuda", "All, and which of them the device cannot run."),
            ("ldnet kernels list --from bin/Release/net10.0/MyOp.dll", "Those of a project of your own."),
            ("ldnet kernels list --json", "The same for a script."),
        ];
        Add(from);
    }

    protected override int Execute(CommandContext context)
    {
        var kernels = KernelNames.Of(context.Value(from)).All.OrderBy(kernel => kernel.Name, StringComparer.Ordinal)
            .ToArray();
        var device = context.Given(GlobalOptions.Device) ? context.Device as GpuDevice : null;
        context.Report(new JsonArray([.. kernels.Select(kernel => (JsonNode)new JsonObject
        {
            ["name"] = kernel.Name, ["file"] = kernel.File, ["line"] = kernel.Line,
            ["opencl"] = kernel.OpenCl is not null, ["requires"] = kernel.Requires.ToString(),
            ["operation"] = KernelVariants.Of(kernel)?.Name, ["used"] = Used(kernel),
            ["offered"] = device is null
                ? null : device.Capabilities.Missing(kernel.Requires) == KernelRequirements.None,
        })]), output =>
        {
            var table = new TextTable("kernel", "C#", "targets", "needs");
            foreach (var kernel in kernels)
                table.Add(kernel.Name, $"{kernel.File}:{kernel.Line}", kernel.OpenCl is null ? "cuda" : "cuda opencl",
                    Needs(kernel, device));
            table.WriteTo(output);
            if (context.Value(from) is not null) return;
            output.WriteLine();
            foreach (var operation in KernelVariants.All) output.WriteLine(operation);
        });
        return ExitCode.Success;
    }

    static string Needs(KernelInstance kernel, GpuDevice? device) => kernel.Requires == KernelRequirements.None
        ? ""
        : kernel.Requires + (device is null || device.Capabilities.Missing(kernel.Requires) == KernelRequirements.None
            ? "" : $" (not on {device.Name})");

    // Where other kernels do the same.
    static string? Used(KernelInstance kernel)
    {
        var variants = KernelVariants.Of(kernel)?.Variants;
        return variants is null ? null : variants[^1].Runs(kernel)
            ? "else" : "when " + variants.First(variant => variant.Runs(kernel)).When;
    }
}
