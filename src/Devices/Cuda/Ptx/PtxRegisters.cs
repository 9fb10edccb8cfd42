namespace LdNetGpu.Devices.Cuda.Ptx;

/// <summary>
/// The registers that a kernel's values take at its busiest place: those that are still read, by liveness over the
/// control flow of its PTX. The device's assembler moves instructions yet, and adds addresses and temporaries; but it
/// cannot hold less than this without spilling or computing again.
/// </summary>
static class PtxRegisters
{
    /// <summary>
    /// Registers of 32 bits, those of called functions with those that live across the call; predicates have a file of
    /// their own.
    /// </summary>
    public static int Busiest(PtxModule module, PtxFunction function) => Busiest(module, function, []);

    // A function that calls itself is counted once.
    static int Busiest(PtxModule module, PtxFunction function, PtxFunction[] callers)
    {
        var live = Live(function).Select(registers => registers.Sum(Width)).ToArray();
        var across = function.Instructions
            .Select((instruction, index) => (Callee: instruction.Callee is { } name
            ? module.Find(name) : null, Live: live[index + 1]))
            .Where(call => call.Callee is not null && call.Callee != function && !callers.Contains(call.Callee))
            .Select(call => call.Live + Busiest(module, call.Callee!, [.. callers, function]));
        return live.Concat(across).Max();
    }

    // Before each instruction, and at the end.
    static HashSet<string>[] Live(PtxFunction function)
    {
        var instructions = function.Instructions;
        var live = new HashSet<string>[instructions.Count + 1];
        for (var i = 0; i < live.Length; i++) live[i] = [];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = instructions.Count - 1; i >= 0; i--)
            {
                var instruction = instructions[i];
                var now = new HashSet<string>();
                foreach (var next in function.Successors(i)) now.UnionWith(live[next]);
                // Where the guard fails, the old value stays.
                if (instruction.Guard is null) now.ExceptWith(instruction.Sets);
                now.UnionWith(instruction.Reads);
                if (now.Count == live[i].Count) continue;
                live[i] = now;
                changed = true;
            }
        }
        return live;
    }

    static int Width(string register) => register[1..].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') switch
    {
        "p" => 0,
        "rd" or "fd" => 2,
        _ => 1,
    };
}
