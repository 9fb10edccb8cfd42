namespace LdNetGpu.Devices.Cuda.Ptx;

/// <summary>
/// What stands in a kernel's PTX, the functions that it calls included, each once. A loop's instructions count once
/// too: these are figures of the text and not of its run.
/// </summary>
/// <param name="Instructions">Of every kind.</param>
/// <param name="VirtualRegisters">Names that values have, predicates among them; a value mostly has its own.</param>
/// <param name="BusiestRegisters">Of 32 bits that live at once (<see cref="PtxRegisters"/>).</param>
/// <param name="LocalBytes">Of a lane, for arrays that no register holds.</param>
/// <param name="VectorAccesses">Loads and stores of several elements at once.</param>
/// <param name="Approximate">Instructions that are less exact than IEEE arithmetic.</param>
/// <param name="Barriers">Of groups and of warps.</param>
/// <param name="Atomics">With and without a result.</param>
/// <param name="LibraryCalls">Calls of functions that are not in this text; what they do is in no other figure.</param>
/// <param name="IsRecursive">Whether a function calls itself, directly or by others: no kernel of C# does, so that a
/// compiler is at fault.</param>
sealed record PtxCounts(
    int Instructions, int VirtualRegisters, int BusiestRegisters, int LocalBytes,
    int VectorAccesses, int Approximate, int Barriers, int Atomics, int LibraryCalls, bool IsRecursive)
{
    /// <summary>Counts one of the module's kernels.</summary>
    public static PtxCounts Of(PtxModule module, PtxFunction kernel)
    {
        var functions = module.Reached(kernel);
        var instructions = functions.SelectMany(function => function.Instructions).ToList();
        return new(
            instructions.Count,
            functions.Sum(
                function => function.Instructions.SelectMany(instruction => instruction.Sets.Concat(instruction.Reads))
                    .Distinct().Count()),
            PtxRegisters.Busiest(module, kernel),
            Local(module, kernel),
            instructions.Count(instruction => instruction.IsVector),
            instructions.Count(instruction => instruction.IsApproximate),
            instructions.Count(instruction => instruction.IsBarrier),
            instructions.Count(instruction => instruction.IsAtomic),
            instructions.Count(instruction => instruction.Callee is { } callee && module.Find(callee) is null),
            functions.Any(function => module.Callees(function).SelectMany(module.Reached).Contains(function)));
    }

    /// <summary>Counts a text of one kernel.</summary>
    public static PtxCounts Of(string ptx)
    {
        var module = PtxModule.Parse(ptx);
        return Of(module, module.Entries.Single());
    }

    // A function's arrays lie above those of who called it; those of one that calls itself are counted once.
    static int Local(PtxModule module, PtxFunction function, params PtxFunction[] callers) => function.LocalBytes
        + module.Callees(function).Except([.. callers, function])
            .Select(callee => Local(module, callee, [.. callers, function])).DefaultIfEmpty().Max();
}
