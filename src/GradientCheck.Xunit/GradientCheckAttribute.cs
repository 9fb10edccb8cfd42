using System.Runtime.CompilerServices;
using Xunit.v3;

namespace LdNetGpu.Autograd;

/// <summary>Where a <see cref="GradientCheckAttribute"/> runs the operation.</summary>
public enum GradientDevice
{
    /// <summary>The processor's own code.</summary>
    Cpu,

    /// <summary>The kernels' C#, every access checked.</summary>
    Managed,
}

/// <summary>
/// Makes a test of a method that builds outputs: its gradient is checked at the sizes of each
/// <see cref="GradientShapesAttribute"/>, a case each. A failing case is shrunk to the smallest sizes that fail in the
/// same way, and printed as C# that reproduces it.
/// </summary>
/// <remarks>
/// The method is public and not in a generic class. It takes a <see cref="GradientInput{T}"/> of double, or of a type
/// parameter of its own, <c>where T : unmanaged, IFloatingPointIeee754&lt;T&gt;</c>, which dual numbers, float and
/// second derivatives want; then one int a dimension, which the method's shapes give. It returns a
/// <see cref="Tensor{T}"/> or a list of them.
/// </remarks>
/// <example><code>
/// [GradientCheck(SecondOrder = true), GradientShapes(1, 1), GradientShapes(3, 5)]
/// public static Tensor&lt;T&gt; Product&lt;T&gt;(GradientInput&lt;T&gt; leaf, int rows, int columns)
///     where T : unmanaged, IFloatingPointIeee754&lt;T&gt; =>
///     leaf("a", rows, columns).Multiply(leaf("b", rows, columns));
/// </code></example>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(GradientCheckDiscoverer))]
public sealed class GradientCheckAttribute : Attribute, IFactAttribute
{
    static readonly GradientCheckOptions Default = new();

    /// <param name="sourceFile">Of the test: the compiler fills it in.</param>
    /// <param name="sourceLine">Of the test: the compiler fills it in.</param>
    public GradientCheckAttribute([CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1) =>
        (SourceFilePath, SourceLineNumber) = (sourceFile, sourceLine < 1 ? null : sourceLine);

    /// <summary>Where it runs.</summary>
    public GradientDevice Device { get; set; }

    /// <summary>
    /// Whether <see cref="GradientCheckOptions.Thorough"/> is where the other properties start from; else
    /// <see cref="GradientCheckOptions"/>'s defaults are. What is set here comes on top.
    /// </summary>
    public bool Thorough { get; set; }

    /// <summary><see cref="GradientCheckOptions.Tolerance"/>; 0 for the default.</summary>
    public double Tolerance { get; set; }

    /// <summary><see cref="GradientCheckOptions.Extrapolations"/>; 0 for the default.</summary>
    public int Extrapolations { get; set; }

    /// <summary><see cref="GradientCheckOptions.ElementsPerTensor"/>.</summary>
    public int ElementsPerTensor { get; set; } = Default.ElementsPerTensor;

    /// <summary><see cref="GradientCheckOptions.Directions"/>.</summary>
    public int Directions { get; set; } = Default.Directions;

    /// <summary><see cref="GradientCheckOptions.SameBits"/>.</summary>
    public bool SameBits { get; set; } = true;

    /// <summary><see cref="GradientCheckOptions.AddedGradients"/>.</summary>
    public bool AddedGradients { get; set; } = true;

    /// <summary><see cref="GradientCheckOptions.AbsentCotangents"/>.</summary>
    public bool AbsentCotangents { get; set; } = true;

    /// <summary><see cref="GradientCheckOptions.AliasedInputs"/>.</summary>
    public bool AliasedInputs { get; set; }

    /// <summary><see cref="GradientCheckOptions.StridedInputs"/>.</summary>
    public bool StridedInputs { get; set; }

    /// <summary><see cref="GradientCheckOptions.FloatUlp"/>; 0 for the default.</summary>
    public double FloatUlp { get; set; }

    /// <summary><see cref="GradientCheckOptions.SecondOrder"/>.</summary>
    public bool SecondOrder { get; set; }

    /// <summary><see cref="GradientCheckOptions.Seed"/>.</summary>
    public ulong Seed { get; set; } = Default.Seed;

    /// <inheritdoc/>
    public string? DisplayName { get; set; }

    /// <inheritdoc/>
    public bool Explicit { get; set; }

    /// <inheritdoc/>
    public string? Skip { get; set; }

    /// <inheritdoc/>
    public Type[]? SkipExceptions { get; set; }

    /// <inheritdoc/>
    public Type? SkipType { get; set; }

    /// <inheritdoc/>
    public string? SkipUnless { get; set; }

    /// <inheritdoc/>
    public string? SkipWhen { get; set; }

    /// <inheritdoc/>
    public string? SourceFilePath { get; }

    /// <inheritdoc/>
    public int? SourceLineNumber { get; }

    /// <inheritdoc/>
    public int Timeout { get; set; }

    internal GradientCheckOptions Options()
    {
        var basis = Thorough ? GradientCheckOptions.Thorough : Default;
        return basis with
        {
            Tolerance = Tolerance == 0 ? basis.Tolerance : Tolerance,
            Extrapolations = Extrapolations == 0 ? basis.Extrapolations : Extrapolations,
            ElementsPerTensor = ElementsPerTensor, Directions = Directions, SameBits = SameBits,
            AddedGradients = AddedGradients, AbsentCotangents = AbsentCotangents,
            AliasedInputs = AliasedInputs || basis.AliasedInputs,
            StridedInputs = StridedInputs || basis.StridedInputs,
            FloatUlp = FloatUlp == 0 ? basis.FloatUlp : FloatUlp, SecondOrder = SecondOrder || basis.SecondOrder,
            Seed = Seed,
        };
    }
}

/// <summary>Sizes at which a <see cref="GradientCheckAttribute"/> checks its method: one case.</summary>
/// <param name="sizes">One for each int parameter of the method, 1 or more.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GradientShapesAttribute(params int[] sizes) : Attribute
{
    /// <summary>One for each int parameter of the method.</summary>
    public IReadOnlyList<int> Sizes { get; } = sizes ?? throw new ArgumentNullException(nameof(sizes));
}
