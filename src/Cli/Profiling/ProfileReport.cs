using System.Text.Json.Nodes;
using LdNetGpu.Cli.Compilers;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Cli.Profiling;

/// <summary>Profiles of kernels, each with what compilers made of it, as tables and as JSON.</summary>
/// <param name="Compiled">By kernel; of typical specialised values.</param>
/// <param name="ClangProblem">Why there are no figures of clang; null where there are.</param>
sealed record ProfileReport(IReadOnlyList<KernelInWork> Kernels, CompilerComparison Compiled, string? ClangProblem)
{
    const int CostliestLines = 3, MostCode = 48;

    /// <summary>All counts of every line, by their full names.</summary>
    public JsonObject ToJson() => new()
    {
        ["architecture"] = Compiled.Architecture,
        ["clang_problem"] = ClangProblem,
        ["profiles"] = new JsonArray([.. Kernels.Select(kernel => (JsonNode)new JsonObject
        {
            ["kernel"] = kernel.Profile.Kernel.Name,
            ["work"] = kernel.Work,
            ["also_in"] = new JsonArray([.. kernel.AlsoIn.Select(row => (JsonNode)row)]),
            ["launches"] = kernel.Profile.Launches,
            ["groups"] = kernel.Profile.Groups,
            ["warps"] = kernel.Profile.Warps,
            ["text"] = Memory(Comparison(kernel).Text),
            ["ilgpu"] = Memory(Comparison(kernel).Ilgpu),
            ["costliest_lines"] = new JsonArray([.. kernel.Profile.Costliest.Take(CostliestLines)
                .Select(line => (JsonNode)$"{line.File}:{line.Line}")]),
            ["lines"] = new JsonArray([.. kernel.Profile.Lines.Select(line => (JsonNode)ToJson(line))]),
        })]),
    };

    /// <summary>For each kernel in each row: the lines that cost most, then all of them.</summary>
    public void Write(TextWriter output)
    {
        foreach (var kernel in Kernels)
        {
            var profile = kernel.Profile;
            output.WriteLine($"{profile.Kernel.Name} ({profile.Kernel.File}:{profile.Kernel.Line}) in {kernel.Work}: "
                + $"{Count(profile.Launches, "launch", "launches")}, {Count(profile.Groups, "group", "groups")}, "
                + $"{Count(profile.Warps, "warp", "warps")}");
            output.WriteLine($"{Compiled.Architecture}: {Words("the CUDA text", Comparison(kernel).Text)}; "
                + $"{Words("ILGPU", Comparison(kernel).Ilgpu)}");
            var total = profile.Total;
            output.WriteLine("The lines that cost most:");
            WriteLines(output, profile.Costliest.Take(CostliestLines), total);
            output.WriteLine("Every line, and all together:");
            WriteLines(output, [.. profile.Lines, total with { Line = 0, Code = "" }], total);
            if (kernel.AlsoIn.Count > 0) output.WriteLine($"Also in {string.Join(", ", kernel.AlsoIn)}.");
            output.WriteLine();
        }
    }

    KernelComparison Comparison(KernelInWork kernel) =>
        Compiled.Kernels.First(one => one.Kernel == kernel.Profile.Kernel);

    static void WriteLines(TextWriter output, IEnumerable<ProfiledLine> lines, ProfiledLine total)
    {
        var table = new TextTable("line", "cost", "loaded B", "stored B", "sectors/warp", "least", "shared B",
            "conflicts", "diverged", "waits", "code");
        foreach (var line in lines)
        {
            var accesses = line.Global + line.Shared + line.Local;
            var least = (double)line.Global.LeastTransactions / line.Global.Warps;
            table.Add(line.Line == 0 ? "all" : Place(line, total.File),
                total.Cost == 0 ? "0%" : ((double)line.Cost / total.Cost).ToString("P0"),
                Number((line.GlobalLoads + line.GlobalAtomics).Bytes),
                Number((line.GlobalStores + line.GlobalAtomics).Bytes),
                line.Global.Warps == 0 ? "" : line.Global.TransactionsPerWarp.ToString("F1"),
                line.Global.Warps == 0 ? "" : least.ToString("F1"),
                Number(line.Shared.Bytes), Number(line.Shared.Excess),
                accesses.PartialWarps == 0 ? "" : $"{accesses.PartialWarps}/{accesses.Warps}",
                Number((line.GroupBarriers + line.WarpBarriers + line.GridBarriers).Warps), Short(line.Code));
        }
        table.WriteTo(output, "  ");
    }

    // A line of another file than the kernel's has its name before it.
    static string Place(ProfiledLine line, string file) =>
        line.File == file ? $"{line.Line}" : $"{Path.GetFileName(line.File)}:{line.Line}";

    static string Short(string code) => code.Length <= MostCode ? code : code[..(MostCode - 3)] + "...";

    static string Number(long value) => value == 0 ? "" : value.ToString("N0");

    static string Count(long number, string one, string many) => $"{number:N0} {(number == 1 ? one : many)}";

    static string Words(string compiler, CompilerResult result) => result.Counts is { } counts
        ? $"{compiler} has {counts.BusiestRegisters} registers live at once and {counts.LocalBytes} B of local memory"
        : $"{compiler}: {(result.Failed ? "does not compile" : result.Problem)}";

    static JsonObject? Memory(CompilerResult result) => result.Counts is not { } counts ? null : new JsonObject
    {
        ["busiest_registers"] = counts.BusiestRegisters, ["local_bytes"] = counts.LocalBytes,
    };

    static JsonObject ToJson(ProfiledLine line) => new()
    {
        ["file"] = line.File,
        ["line"] = line.Line,
        ["code"] = line.Code,
        ["cost"] = line.Cost,
        ["global_loads"] = ToJson(line.GlobalLoads),
        ["global_stores"] = ToJson(line.GlobalStores),
        ["global_atomics"] = ToJson(line.GlobalAtomics),
        ["shared_loads"] = ToJson(line.SharedLoads),
        ["shared_stores"] = ToJson(line.SharedStores),
        ["shared_atomics"] = ToJson(line.SharedAtomics),
        ["local"] = ToJson(line.Local),
        ["group_barriers"] = ToJson(line.GroupBarriers),
        ["warp_barriers"] = ToJson(line.WarpBarriers),
        ["grid_barriers"] = ToJson(line.GridBarriers),
    };

    static JsonObject? ToJson(AccessCounts counts) => counts.Warps == 0 ? null : new JsonObject
    {
        ["warps"] = counts.Warps, ["partial_warps"] = counts.PartialWarps, ["lanes"] = counts.Lanes,
        ["bytes"] = counts.Bytes, ["transactions"] = counts.Transactions,
        ["least_transactions"] = counts.LeastTransactions, ["cache_lines"] = counts.CacheLines,
    };

    static JsonObject? ToJson(BarrierCounts counts) => counts.Meetings == 0 ? null : new JsonObject
    {
        ["meetings"] = counts.Meetings, ["warps"] = counts.Warps, ["lanes"] = counts.Lanes,
    };
}
