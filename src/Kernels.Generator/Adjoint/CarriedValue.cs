using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// What a loop may hand from round to round: a sum, or a maximum or minimum. Of these the adjoint needs no earlier
/// state, which the loop has overwritten.
/// </summary>
static class CarriedValue
{
    /// <summary>The value whose maximum or minimum is taken; null for a sum.</summary>
    public static Value? Check(Block body, Value entry, Value next, SyntaxNode loop, string name)
    {
        var chain = new HashSet<Value>();
        var isMaximum = next.Operation is "Max" or "MaxNumber" or "Min" or "MinNumber"
            && next.Operands.Contains(entry) && next.Operands[0] != next.Operands[1];
        var isSum = !isMaximum && IsSum(next, entry, chain);
        if (isMaximum) chain.Add(next);
        chain.Add(entry);
        if (isMaximum || isSum)
            return !IsUsedBeside(body, chain) ? isMaximum ? next.Operands.First(operand => operand != entry) : null
                : throw Refused("what it is on the way is used within the loop, and the next round overwrites it",
                    "Use it after the loop alone; a loop of a few rounds between constants is written out and may do "
                    + "anything");
        throw next.Operation == Value.Extreme
            ? Refused("it is a maximum or minimum over two loops", "Let the inner loop find one of its own, from "
                + $"T.NegativeInfinity on, and take '{name} = T.Max({name}, ...)' of that in the outer one")
            : HasExtreme(next)
            ? Refused("it is a maximum or minimum that is taken in a branch", $"Take '{name} = T.Max({name}, ...)' in "
                + "every round, of T.NegativeInfinity where the branch would not")
            : Refused("each round overwrites what the adjoint of the round before needs", Only(name));

        UnsupportedException Refused(string reason, string remedy) =>
            new(Unsupported.AdjointState, loop, name, reason, remedy);
    }

    static string Only(string name) =>
        $"Only sums ('{name} += ...') and maxima ('{name} = T.Max({name}, ...)', once a round) may go on; "
        + "a loop of a few rounds between constants is written out and may do anything";

    static bool HasExtreme(Value value) => value.Operation == Value.Merge && value.Operands.Any(side =>
        side.Operation is Value.Extreme or "Max" or "MaxNumber" or "Min" or "MinNumber" || HasExtreme(side));

    // Whether the value is the entry plus something: its derivative by the entry is 1.
    static bool IsSum(Value value, Value entry, HashSet<Value> chain)
    {
        if (value == entry) return true;
        var isSum = value.Operation switch
        {
            "+" => IsSum(value.Operands[0], entry, chain) && !Depends(value.Operands[1], entry)
                || IsSum(value.Operands[1], entry, chain) && !Depends(value.Operands[0], entry),
            "-" => IsSum(value.Operands[0], entry, chain) && !Depends(value.Operands[1], entry),
            "FusedMultiplyAdd" => IsSum(value.Operands[2], entry, chain)
                && !Depends(value.Operands[0], entry) && !Depends(value.Operands[1], entry),
            Value.Merge => IsSum(value.Operands[0], entry, chain) && IsSum(value.Operands[1], entry, chain),
            Value.Looped => IsSum(value.Operands[0], entry, chain),
            _ => false,
        };
        if (isSum) chain.Add(value);
        return isSum;
    }

    static bool Depends(Value value, Value entry) =>
        value == entry || value.Operands.Any(operand => Depends(operand, entry));

    // Whether something outside the chain reads a value of it.
    static bool IsUsedBeside(Block block, HashSet<Value> chain)
    {
        var names = new HashSet<string>(chain.Select(value => value.Name));
        return block.Items.Any(item => item switch
        {
            Let { Value: var value } => !chain.Contains(value) && value.Operands.Any(chain.Contains),
            Declare declare => Identifiers.In(declare.Text).Any(names.Contains),
            Store store => chain.Contains(store.Value),
            Branch branch => IsUsedBeside(branch.Then, chain) || IsUsedBeside(branch.Else, chain)
                || branch.Merges.Any(merge => !chain.Contains(merge.Value)
                    && (chain.Contains(merge.Then) || chain.Contains(merge.Else))),
            Loop loop => IsUsedBeside(loop.Body, chain)
                || loop.Carries.Any(carry => chain.Contains(carry.Initial) && !chain.Contains(carry.Result)),
            _ => false,
        });
    }
}
