namespace LdNetGpu.Tests;

/// <summary>
/// A random kernel's body: what it does to its variables, and the inexact values that it computes from them at the end.
/// </summary>
/// <param name="Seed">By which <see cref="RandomCases"/> makes it again.</param>
sealed record Case(int Seed, Statement[] Body, Term[] Loose)
{
    /// <summary>Of each type, as i0 and i1.</summary>
    public const int Variables = 2;

    static readonly Number[] Types = [.. Numbers.Arithmetic, Number.Bool];

    /// <summary>All variables, which are the results too.</summary>
    public static IReadOnlyList<Term> AllVariables { get; } =
        [.. Types.SelectMany(
        type => Enumerable.Range(0, Variables).Select(i => new Term(type, $"{type.Letter()}{i}")))];

    /// <summary>What is compared: the variables, then the inexact terms.</summary>
    public IReadOnlyList<Term> Results => [.. AllVariables, .. Loose];
}
