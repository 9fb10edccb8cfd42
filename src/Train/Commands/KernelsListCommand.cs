using System.Text.Json.Nodes;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Cli;

namespace LdNetGpu.Train.Commands;

/// <summary><c>ldnet kernels list</c>: every kernel, where it is written and what it needs.</summary>
sealed class KernelsListCommand : CliCommand
{
    public KernelsListCommand() : base("list", "Every kernel with its C# line, the targets it has a text for, what it needs of a device, " +
        "and what it is chosen for where an operation has several.") =>
        Examples =
        [
            ("ldnet kernels list", "All of them."),
            ("ldnet kernels list --device cuda", "All, and which of them the device cannot run."),
            ("ldnet kernels list --json", "The same for a script."),
        ];

    protected override int Execute(CommandContext context)
    {
        var kernels = KernelCatalog.All.OrderBy(kernel => kernel.Name, StringComparer.Ordinal).ToArray();
        var device = context.Given(GlobalOptions.Device) ? context.Device as GpuDevice : null;
        context.Report(new JsonArray([.. kernels.Select(kernel => (JsonNode)new JsonObject
        {
            ["name"] = kernel.Name, ["file"] = kernel.File, ["line"] = kernel.Line,
            ["opencl"] = kernel.OpenCl is not null, ["requires"] = kernel.Requires.ToString(),
            ["operation"] = VariantOf(kernel)?.Operation, ["chosenFor"] = VariantOf(kernel)?.When,
            ["offered"] = device is null ? null : device.Capabilities.Missing(kernel.Requires) == KernelRequirements.None,
        })]), output =>
        {
            var table = new TextTable("kernel", "C#", "targets", "needs", "chosen for");
            foreach (var kernel in kernels)
                table.Add(kernel.Name, $"{kernel.File}:{kernel.Line}", kernel.OpenCl is null ? "cuda" : "cuda opencl", Needs(kernel, device),
                    VariantOf(kernel) is { } variant ? $"{variant.Operation}: {variant.When}" : "");
            table.WriteTo(output);
        });
        return ExitCode.Success;
    }

    static string Needs(KernelInstance kernel, GpuDevice? device) => kernel.Requires == KernelRequirements.None
        ? ""
        : kernel.Requires + (device is null || device.Capabilities.Missing(kernel.Requires) == KernelRequirements.None ? "" : $" (not on {device.Name})");

    static KernelVariant? VariantOf(KernelInstance kernel) => KernelVariants.All.FirstOrDefault(variant => variant.Instances.Contains(kernel));
}
