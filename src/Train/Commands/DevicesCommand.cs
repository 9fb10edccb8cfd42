using System.Globalization;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Train.Cli;

namespace LdNetGpu.Train.Commands;

/// <summary><c>ldnet devices</c>: what this machine and this build can compute on.</summary>
sealed class DevicesCommand : CliCommand
{
    public DevicesCommand() : base("devices", "Lists what can compute here: cores, vector instructions, memory.") =>
        Examples = [("ldnet devices --json", "The same for a script.")];

    protected override int Execute(CommandContext context)
    {
        var cores = Environment.ProcessorCount;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var json = new JsonObject
        {
            ["cpu"] = new JsonObject { ["cores"] = cores, ["vectors"] = CpuDevice.InstructionSet, ["memory_bytes"] = memory },
            ["not_built_in"] = new JsonArray("managed", "opencl", "cuda"),
        };
        context.Report(json, output =>
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"cpu      {cores} core{(cores == 1 ? "" : "s")}, {CpuDevice.InstructionSet}, {memory / (double)(1L << 30):F1} GiB"));
            foreach (var name in (string[])["managed", "opencl", "cuda"]) output.WriteLine($"{name,-7}  not in this build");
        });
        return ExitCode.Success;
    }
}
