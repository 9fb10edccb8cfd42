using LdNetGpu.Devices.Cuda.Ptx;

namespace LdNetGpu.Cli.Compilers;

/// <summary>One of the figures of a kernel's PTX.</summary>
/// <param name="Header">In a table, where there is little room.</param>
/// <param name="Name">In JSON.</param>
/// <param name="Meaning">In words, for the help.</param>
sealed record ComparisonColumn(string Header, string Name, string Meaning, Func<PtxCounts, int> Value)
{
    /// <summary>The one that says least: each value has its own.</summary>
    public static ComparisonColumn Virtual { get; } =
        new("virt", "virtual_registers", "virtual registers: names of values, which the assembler maps to the device's",
            counts => counts.VirtualRegisters);

    /// <summary>All of them, in the table's order.</summary>
    public static IReadOnlyList<ComparisonColumn> All { get; } =
    [
        new("instr", "instructions", "instructions as they stand in the text, those of called functions included",
            counts => counts.Instructions),
        Virtual,
        new("live", "busiest_registers", "registers of 32 bits whose values live at once, at the busiest place",
            counts => counts.BusiestRegisters),
        new("local", "local_bytes", "bytes of local memory of a lane", counts => counts.LocalBytes),
        new("vec", "vector_accesses", "loads and stores of several elements at once", counts => counts.VectorAccesses),
        new("approx", "approximate", "instructions less exact than IEEE's: ex2.approx, rcp.approx, div.full, ...",
            counts => counts.Approximate),
        new("bar", "barriers", "barriers of groups and warps", counts => counts.Barriers),
        new("atom", "atomics", "atomic operations", counts => counts.Atomics),
        new("calls", "library_calls", "calls of CUDA's mathematics (expf), whose instructions are not counted",
            counts => counts.LibraryCalls),
    ];
}
