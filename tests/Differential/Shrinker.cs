using System.Diagnostics;

namespace LdNetGpu.Tests;

/// <summary>Makes a failing kernel smaller while it fails.</summary>
static class Shrinker
{
    /// <param name="failing">The bodies of one kernel.</param>
    /// <param name="fails">Whether a kernel still fails.</param>
    /// <param name="limit">The smallest one by then is good enough.</param>
    public static IReadOnlyList<Case> Shrink(IReadOnlyList<Case> failing, Func<IReadOnlyList<Case>, bool> fails,
        TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        for (var smaller = true; smaller;)
        {
            smaller = false;
            foreach (var candidate in Smaller([.. failing]))
            {
                if (watch.Elapsed > limit) return failing;
                if (!fails(candidate)) continue;
                (failing, smaller) = (candidate, true);
                break;
            }
        }
        return failing;
    }

    // All bodies but one; then one of them smaller.
    static IEnumerable<Case[]> Smaller(Case[] kernel)
    {
        if (kernel.Length > 1)
            for (var i = 0; i < kernel.Length; i++) yield return Replaced(kernel, i, []);
        for (var i = 0; i < kernel.Length; i++)
            foreach (var smaller in Smaller(kernel[i])) yield return Replaced(kernel, i, [smaller]);
    }

    static IEnumerable<Case> Smaller(Case one)
    {
        for (var i = 0; i < one.Loose.Length; i++)
            yield return one with { Loose = [.. one.Loose.Where((_, index) => index != i)] };
        foreach (var body in Smaller(one.Body)) yield return one with { Body = body };
        for (var i = 0; i < one.Loose.Length; i++)
            foreach (var term in Smaller(one.Loose[i]))
                yield return one with { Loose = Replaced(one.Loose, i, [term]) };
    }

    static IEnumerable<Statement[]> Smaller(Statement[] block)
    {
        if (block.Length > 3)
        {
            yield return block[..(block.Length / 2)];
            yield return block[(block.Length / 2)..];
        }
        for (var i = 0; i < block.Length; i++) yield return Replaced(block, i, []);
        for (var i = 0; i < block.Length; i++)
        {
            foreach (var inner in block[i].Blocks) yield return Replaced(block, i, inner);
            foreach (var statement in Smaller(block[i])) yield return Replaced(block, i, [statement]);
        }
    }

    static IEnumerable<Statement> Smaller(Statement statement)
    {
        for (var i = 0; i < statement.Blocks.Length; i++)
            foreach (var block in Smaller(statement.Blocks[i]))
                yield return statement with { Blocks = Replaced(statement.Blocks, i, [block]) };
        for (var i = 0; i < statement.Terms.Length; i++)
            foreach (var term in Smaller(statement.Terms[i]))
                yield return statement with { Terms = Replaced(statement.Terms, i, [term]) };
    }

    // A part of the same type in its place, else a variable.
    static IEnumerable<Term> Smaller(Term term)
    {
        if (term.Parts.Length == 0) yield break;
        if (term.MagnitudeText is null) yield return new(term.Type, term.Type.Letter() + "0");
        foreach (var part in Descendants(term))
            if (part.Type == term.Type && (part.MagnitudeText is null) == (term.MagnitudeText is null))
                yield return part;
        for (var i = 0; i < term.Parts.Length; i++)
            foreach (var part in Smaller(term.Parts[i]))
                yield return term with { Parts = Replaced(term.Parts, i, [part]) };
    }

    static IEnumerable<Term> Descendants(Term term) => term.Parts.Concat(term.Parts.SelectMany(Descendants));

    static T[] Replaced<T>(T[] all, int index, T[] by) => [.. all[..index], .. by, .. all[(index + 1)..]];
}
