namespace LdNetGpu.Autograd;

/// <summary>How thoroughly to check, and what counts as agreement.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>Everything that there is: slower by some factor, and finds more.</summary>
    public static GradientCheckOptions Thorough { get; } = new()
    {
        Tolerance = 1e-10, Extrapolations = 2, AliasedInputs = true, StridedInputs = true, FloatUlp = 256,
        SecondOrder = true,
    };

    /// <summary>
    /// Relative step of the central difference: h = Step · max(1, |x|). 1e-5 balances truncation (h²) against rounding
    /// (ε/h) in double.
    /// </summary>
    public double Step { get; init; } = 1e-5;

    /// <summary>Largest |analytic - numeric| allowed, relative to max(1, |analytic|, |numeric|).</summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>
    /// How often the central difference is taken again at half the step, and the error's leading power of h removed
    /// (Richardson): 0 for the plain difference, at most <see cref="MostExtrapolations"/>. The difference of the last
    /// two orders is the error bar, ε·|f|/h the floor that rounding sets; both are allowed beside
    /// <see cref="Tolerance"/>, which can be smaller then.
    /// </summary>
    public int Extrapolations { get; init; }

    /// <summary>The most that <see cref="Extrapolations"/> may be.</summary>
    public const int MostExtrapolations = 4;

    /// <summary>
    /// The largest relative step where there are extrapolations, in place of <see cref="Step"/>: truncation is small
    /// after them, so that rounding is what a step must be large for.
    /// </summary>
    public double ExtrapolationStep { get; init; } = 1e-2;

    /// <summary>
    /// Largest difference from the dual numbers' derivative allowed, relative to the sum of the magnitudes of what is
    /// added up to it. Where what a kernel adds up cancels, the derivative in float tells how large that is.
    /// </summary>
    public double DualTolerance { get; init; } = 1e-13;

    /// <summary>
    /// Elements checked one by one in each tensor, chosen at random when it has more; in an
    /// <see cref="IDifferentiableBlock"/> by differences, for dual numbers go along one direction through each tensor.
    /// </summary>
    public int ElementsPerTensor { get; init; } = 40;

    /// <summary>
    /// Random directions through all tensors at once: each tests every element. At most <see cref="MostDirections"/>.
    /// </summary>
    public int Directions { get; init; } = 2;

    /// <summary>The most that <see cref="Directions"/> may be: each is a forward pass or two.</summary>
    public const int MostDirections = 10_000;

    /// <summary>Whether forward and backward run twice must give the same bits.</summary>
    public bool SameBits { get; init; } = true;

    /// <summary>
    /// Whether, of several outputs, each one's cotangent is given alone, the others being absent and not zero: the
    /// gradients must add up to those of all together, to 1e-12 of the tensor's largest.
    /// </summary>
    public bool AbsentCotangents { get; init; } = true;

    /// <summary>
    /// Whether the pass is run over gradients that are there already, as those of a tensor that is used elsewhere too:
    /// it must add to them, to 1e-12 of the tensor's largest.
    /// </summary>
    public bool AddedGradients { get; init; } = true;

    /// <summary>
    /// Whether one tensor is given for two inputs of one shape: its gradient must be the sum of both, to 1e-12 of the
    /// tensor's largest. An operation that refuses it by an <see cref="ArgumentException"/> or a
    /// <see cref="Devices.ShapeException"/> passes. Of functions that ask for their inputs.
    /// </summary>
    public bool AliasedInputs { get; init; }

    /// <summary>
    /// Whether each input is given as columns of a wider tensor, with NaN beside them: outputs and gradients must be
    /// the same, to 1e-12 of the tensor's largest, and what is beside the columns stay untouched. An operation that
    /// refuses it as above passes. Of functions that ask for their inputs.
    /// </summary>
    public bool StridedInputs { get; init; }

    /// <summary>
    /// How many units in the last place a float's output or gradient may be off the double's; null not to run it in
    /// float. The unit is 2⁻²³ of the sum of the magnitudes of what is added up to the number. Of functions that are
    /// known in every kind of number.
    /// </summary>
    public double? FloatUlp { get; init; }

    /// <summary>
    /// Whether the backward pass itself runs over dual numbers, which gives Hessian-vector products H·v: ⟨H·v, w⟩ =
    /// ⟨H·w, v⟩ must hold to rounding, and H·v agree with central differences of the gradient and of the forward pass's
    /// derivatives, to 1e-6. Of functions that are known in every kind of number.
    /// </summary>
    public bool SecondOrder { get; init; }

    /// <summary>Of the cotangents, elements and directions: the same seed checks the same derivatives.</summary>
    public ulong Seed { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Check(string name)
    {
        Require(double.IsFinite(Step) && Step > 0, nameof(Step), Step, "above 0");
        Require(double.IsFinite(ExtrapolationStep) && ExtrapolationStep > 0, nameof(ExtrapolationStep),
            ExtrapolationStep, "above 0");
        Require(double.IsFinite(Tolerance) && Tolerance >= 0, nameof(Tolerance), Tolerance, "0 or more");
        Require(double.IsFinite(DualTolerance) && DualTolerance >= 0, nameof(DualTolerance), DualTolerance,
            "0 or more");
        Require(FloatUlp is not { } ulp || double.IsFinite(ulp) && ulp >= 0, nameof(FloatUlp), FloatUlp, "0 or more");
        Require(Extrapolations is >= 0 and <= MostExtrapolations, nameof(Extrapolations), Extrapolations,
            $"0 to {MostExtrapolations}");
        Require(ElementsPerTensor >= 0, nameof(ElementsPerTensor), ElementsPerTensor, "0 or more");
        Require(Directions is >= 0 and <= MostDirections, nameof(Directions), Directions, $"0 to {MostDirections}");

        void Require(bool holds, string option, object? value, string range)
        {
            if (!holds) throw new ArgumentOutOfRangeException(option, value, $"{name}: {option} is {range}.");
        }
    }
}
