using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Ilgpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Devices.Nccl;
using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet devices</c>: what this machine can compute on, and why not on the rest.</summary>
sealed class DevicesCommand : CliCommand
{
    /// <summary>One kind of device as it was found.</summary>
    /// <param name="Found">Devices with what is known of them; empty where there is none.</param>
    /// <param name="Problem">Why there is none.</param>
    /// <param name="Libraries">Where its libraries were looked for.</param>
    sealed record Kind(string Name, IReadOnlyList<(string Line, JsonObject Json)> Found, string? Problem,
        IReadOnlyList<NativeLibrarySearch> Libraries);

    public DevicesCommand()
        : base("devices", "Lists what can compute here, and for the rest where it was looked for and why it cannot.")
    {
        Examples =
        [
            ("ldnet devices", "Found and not found, versions, memory, what is switched off."),
            ("ldnet devices --json", "The same for a script."),
        ];
        Notes = $"""
            The name before a line is what --device takes. Nothing is needed to start the program: drivers are looked for when used.
            {OpenClDriver.Variable}=N or part of a name chooses for 'opencl'. LDNET_OPENCL_LIBRARY, LDNET_CUDA_LIBRARY, LDNET_NVRTC_LIBRARY,
            LDNET_NVRTC_BUILTINS_LIBRARY, LDNET_CUBLAS_LIBRARY and LDNET_NVML_LIBRARY are paths that replace the search.
            {DriverDevice.SynchronousVariable}=1 waits after each launch, so that an error names its kernel.
            {MpiLibrary.Variable} is the MPI library for ranks that mpirun or srun starts, {NcclApi.Variable} that by which their GPUs exchange gradients.
            {CompiledKernelCache.Variable} is the folder of compiled kernels. {ManagedDevice.LossVariable}=N loses 'managed' after N launches, to try what follows.
            """;
    }

    protected override int Execute(CommandContext context)
    {
        Kind[] kinds = [Cpu(), Managed(), IlgpuCpu(), OpenCl(), Cuda()];
        var cache = CompiledKernelCache.Default();
        var ranks = RanksHere.Find();
        var json = ToJson(kinds, cache, ranks);
        // Of several processes each has a document: a line, that those of others come before or after.
        if (context.Json && ranks.Launcher is not null) context.Output.WriteLine(json.ToJsonString());
        else context.Report(json, output => Write(kinds, cache, ranks, output));
        return ExitCode.Success;
    }

    static Kind Cpu()
    {
        var (cores, memory) = (Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return new("cpu", [($"{cores} core{(cores == 1 ? "" : "s")}, {CpuDevice.InstructionSet}, {Gibibytes(memory)}",
            new() { ["name"] = "cpu", ["cores"] = cores, ["vectors"] = CpuDevice.InstructionSet,
                ["memory_bytes"] = memory })], null, []);
    }

    static Kind Managed() =>
        new("managed",
            [("runs kernels as C#, one lane at a time, and checks every access; for debugging",
                new() { ["name"] = "managed" })], null, []);

    static Kind IlgpuCpu() => new("ilgpu-cpu",
        [($"ILGPU {IlgpuCompiler.Version}'s CPU accelerator, a thread a lane; for breakpoints in kernels",
            new() { ["name"] = "ilgpu-cpu", ["ilgpu"] = IlgpuCompiler.Version })], null, []);

    static Kind OpenCl() => Probe("opencl", [OpenClDriver.Library()], () => OpenClDriver.Devices().Select(device => (
        $"{device}, {device.ComputeUnits} compute units, {Gibibytes(device.Memory)}, {device.LocalMemory >> 10} KiB "
        + $"shared a group, {device.MaxGroupSize} lanes a group"
        + (device.SupportsDouble ? "" : "; off: double (no cl_khr_fp64)")
        + "; off: warp operations, cooperative launch",
        new JsonObject
        {
            ["name"] = $"opencl:{device.Index}", ["device"] = device.Name,
            ["kind"] = device.Kind.ToString().ToLowerInvariant(), ["platform"] = device.PlatformName,
            ["version"] = device.Version, ["driver"] = device.DriverVersion, ["compute_units"] = device.ComputeUnits,
            ["memory_bytes"] = device.Memory,
            ["largest_buffer_bytes"] = device.LargestBuffer, ["shared_bytes"] = device.LocalMemory,
            ["max_group"] = device.MaxGroupSize, ["double"] = device.SupportsDouble,
        })));

    static Kind Cuda()
    {
        var libraries = CudaDriver.Libraries();
        var compiler = libraries[1];
        return Probe("cuda", libraries, () => CudaDriver.Devices().Select(device => (
            $"{device}, {device.MultiProcessors} multiprocessors, {Gibibytes(device.Memory)}, "
            + $"{device.MaxSharedBytes >> 10} KiB shared a group"
            + (device.HasClusters ? "" : "; off: clusters")
            + (device.HasCooperativeLaunch ? "" : "; off: cooperative launch")
            + (compiler.Found
                ? "; compilers: text, ilgpu"
                : "; compiler: ilgpu (no NVRTC); off: tensor cores, cp.async, 16-byte accesses, barriers of the grid"),
            new JsonObject
            {
                ["name"] = $"cuda:{device.Index}", ["device"] = device.Name,
                ["compute_capability"] = device.ComputeCapability / 10.0, ["driver_cuda"] = device.DriverVersion,
                ["multiprocessors"] = device.MultiProcessors, ["memory_bytes"] = device.Memory,
                ["shared_bytes"] = device.MaxSharedBytes,
                ["clusters"] = device.HasClusters, ["cooperative_launch"] = device.HasCooperativeLaunch,
                ["compilers"] = new JsonArray([.. compiler.Found ? new[] { "text", "ilgpu" } : ["ilgpu"]]),
            })));
    }

    static Kind Probe(string name, IReadOnlyList<NativeLibrarySearch> libraries,
        Func<IEnumerable<(string, JsonObject)>> devices)
    {
        if (!libraries[0].Found) return new(name, [], $"no {libraries[0].Library}", libraries);
        try
        {
            var found = devices().ToArray();
            return new(name, found, found.Length == 0 ? "the driver finds no device" : null, libraries);
        }
        catch (UserException error)
        {
            return new(name, [], Advice.After(error), libraries);
        }
    }

    static JsonObject ToJson(Kind[] kinds, CompiledKernelCache cache, RanksHere ranks)
    {
        var json = new JsonObject(kinds.Select(kind => KeyValuePair.Create(kind.Name, (JsonNode?)new JsonObject
        {
            ["found"] = new JsonArray([.. kind.Found.Select(device => (JsonNode)device.Json)]),
            ["problem"] = kind.Problem,
            ["libraries"] = new JsonArray([.. kind.Libraries.Select(library => (JsonNode)new JsonObject
            {
                ["library"] = library.Library,
                ["place"] = library.Place,
                ["tried"] = new JsonArray([.. library.Attempts.Select(attempt =>
                    (JsonNode)new JsonObject { ["place"] = attempt.Place, ["problem"] = attempt.Problem })]),
            })]),
        })));
        json["kernel_cache"] = cache.Folder;
        json["ranks"] = ranks.ToJson();
        return json;
    }

    static void Write(Kind[] kinds, CompiledKernelCache cache, RanksHere ranks, TextWriter output)
    {
        // The ranks of a machine have the same devices: the first of them shows these.
        if (ranks.Launcher is { LocalRank: > 0 })
        {
            output.WriteLine(ranks.Lines().First());
            return;
        }
        foreach (var kind in kinds)
        {
            for (var i = 0; i < kind.Found.Count; i++)
                output.WriteLine($"{(kind.Found.Count > 1 ? $"{kind.Name}:{i}" : kind.Name),-9}  {kind.Found[i].Line}");
            if (kind.Problem is { } problem) output.WriteLine($"{kind.Name,-9}  not here: {problem}");
            foreach (var library in kind.Libraries)
                if (library.Found) output.WriteLine($"{"",-11}{library.Library}: {library.Place}");
                else
                {
                    output.WriteLine($"{"",-11}{library.Library}: not found; tried");
                    foreach (var attempt in library.Attempts)
                        output.WriteLine($"{"",-13}{attempt.Place}: {attempt.Problem}");
                    output.WriteLine($"{"",-13}{library.Variable}=PATH if it is elsewhere");
                }
        }
        output.WriteLine($"compiled kernels are kept in {cache.Folder}");
        foreach (var line in ranks.Lines()) output.WriteLine(line);
    }

    static string Gibibytes(long bytes) => $"{bytes / (double)(1L << 30):F1} GiB";
}
