using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// Each element of an output is written once: what is overwritten would get a gradient that is not its.
/// </summary>
static class StoreCheck
{
    public static void Check(Block kernel) => Check(kernel, [], []);

    // Returns what the block writes, behind what was written before it.
    static List<Access> Check(Block block, List<Access> before, IReadOnlyList<string> loops)
    {
        var written = new List<Access>(before);
        foreach (var item in block.Items)
            switch (item)
            {
                case Store { Target: var target }:
                    foreach (var other in written.Where(other => other.View == target.View))
                        if (!AreApart(target, other))
                            throw Twice(target, $"it is not seen to be another element than '{other.Syntax}'");
                    foreach (var loop in loops)
                        if (!target.Indices.SelectMany(Identifiers.In).Contains(loop))
                            throw Twice(target, "every round of a loop writes it");
                    written.Add(target);
                    break;
                case Branch branch:
                    var then = Check(branch.Then, written, loops);
                    var otherwise = Check(branch.Else, written, loops);
                    RequireBoth(branch);
                    written = [.. then.Union(otherwise)];
                    break;
                case Loop loop:
                    written = Check(loop.Body, written, [.. loops, loop.Index]);
                    break;
            }
        return written;
    }

    static void RequireBoth(Branch branch)
    {
        List<Access> then = [.. StoresOf(branch.Then)], otherwise = [.. StoresOf(branch.Else)];
        var alone = then.Where(store => !otherwise.Any(other => other.View == store.View))
            .Concat(otherwise.Where(store => !then.Any(other => other.View == store.View))).FirstOrDefault();
        if (alone is not null)
            throw new UnsupportedException(Unsupported.AdjointState, alone.Syntax, alone.Syntax.ToString(),
                "it is written on one side of a branch alone, and would hold nothing on the other",
                "Write it on both sides, or choose the value by ?: and write it once");
    }

    static IEnumerable<Access> StoresOf(Block block) => block.Items.SelectMany(item => item switch
    {
        Store store => [store.Target],
        Branch branch => StoresOf(branch.Then).Concat(StoresOf(branch.Else)),
        Loop loop => StoresOf(loop.Body),
        _ => Enumerable.Empty<Access>(),
    });

    // Whether, along one axis, both are at numbers that differ, or at the axis with different whole numbers of columns.
    static bool AreApart(Access one, Access other)
    {
        var (mine, theirs) = (Sharing.Apart(one), Sharing.Apart(other));
        for (var i = 0; i < Math.Min(mine.Count, theirs.Count); i++)
        {
            if (mine[i].IsOpaque || theirs[i].IsOpaque) continue;
            var (a, b) = (mine[i].Offset, theirs[i].Offset);
            if (!mine[i].Axes.Any() && !theirs[i].Axes.Any() && int.TryParse(a.Length == 0 ? "0" : a, out var first)
                && int.TryParse(b.Length == 0 ? "0" : b, out var second) && first != second)
                return true;
            if (mine[i].Only is { Kind: AxisKind.Column } axis && axis == theirs[i].Only && a != b) return true;
        }
        return false;
    }

    static UnsupportedException Twice(Access target, string reason) => new(Unsupported.AdjointState, target.Syntax,
        target.Syntax.ToString(), reason, "Write each element once, of a variable that holds the result");
}
