namespace LdNetGpu.Tests;

/// <summary>
/// What a floating-point part may be, so that a multiplication is never fused into an addition behind it: there results
/// may differ.
/// </summary>
enum Role
{
    /// <summary>As the whole term.</summary>
    Same,

    /// <summary>Added to something.</summary>
    Summand,

    /// <summary>Rounded before it is used.</summary>
    Rounded,
}

/// <summary>A way to make a term of this type from parts.</summary>
/// <param name="IsProduct">A product that an addition could take in.</param>
/// <param name="HasEffect">It changes a variable.</param>
/// <param name="Lazy">The first part that is not always evaluated.</param>
sealed record Rule(
    Number Type, string Text, Number[] Parts, Role Role = Role.Same, bool IsProduct = false, bool HasEffect = false,
    int Lazy = int.MaxValue);
