using System.Text.Json.Nodes;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Cli;

namespace LdNetGpu.Train.Commands;

/// <summary><c>ldnet kernels list</c>: every kernel, where it is written and what it needs.</summary>
sealed class KernelsListCommand : CliCommand
{
    public KernelsListCommand() : base("list", "Every kernel with its C# line, the targets it has a text for, and what it needs of a device.") =>
        Examples = [("ldnet kernels list", "All of them."), ("ldnet kernels list --json", "The same for a script.")];

    protected override int Execute(CommandContext context)
    {
        var kernels = KernelCatalog.All.OrderBy(kernel => kernel.Name, StringComparer.Ordinal).ToArray();
        context.Report(new JsonArray([.. kernels.Select(kernel => (JsonNode)new JsonObject
        {
            ["name"] = kernel.Name, ["file"] = kernel.File, ["line"] = kernel.Line, ["opencl"] = kernel.OpenCl is not null, ["requires"] = kernel.Requires.ToString(),
        })]), output =>
        {
            var table = new TextTable("kernel", "C#", "targets", "needs");
            foreach (var kernel in kernels)
                table.Add(kernel.Name, $"{kernel.File}:{kernel.Line}", kernel.OpenCl is null ? "cuda" : "cuda opencl", kernel.Requires == 0 ? "" : kernel.Requires.ToString());
            table.WriteTo(output);
        });
        return ExitCode.Success;
    }
}
