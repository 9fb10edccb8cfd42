namespace LdNetGpu.Devices.Managed;

/// <summary>Operations on floating-point numbers.</summary>
/// <param name="Additions">And subtractions.</param>
/// <param name="Multiplications">Those that are no part of a fused one.</param>
/// <param name="FusedMultiplyAdds">Written as such; what a compiler fuses is a multiplication and an addition here.
/// </param>
/// <param name="Divisions">And remainders.</param>
/// <param name="Functions">Of the mathematics, as exp or sqrt, one for each call.</param>
/// <param name="Lost">
/// Numbers that went on as floating-point numbers of another kind: what was computed with them then is not in the
/// counts.
/// </param>
public readonly record struct OperationCounts(long Additions, long Multiplications, long FusedMultiplyAdds,
    long Divisions, long Functions, long Lost)
{
    /// <summary>
    /// One for each addition, multiplication, division and function, two for each fused multiply-add. Comparisons,
    /// choices of the larger, signs and conversions are none.
    /// </summary>
    public long Flops => Additions + Multiplications + 2 * FusedMultiplyAdds + Divisions + Functions;

    /// <summary>Those of <see cref="Flops"/> that are in double, which most GPUs compute many times slower.</summary>
    public long InDouble { get; init; }

    /// <summary>Both together.</summary>
    /// <param name="left">Some operations.</param>
    /// <param name="right">Others.</param>
    public static OperationCounts operator +(OperationCounts left, OperationCounts right) => left.Add(right);

    /// <summary>Both together.</summary>
    /// <param name="other">Other operations.</param>
    public OperationCounts Add(OperationCounts other) =>
        new(Additions + other.Additions, Multiplications + other.Multiplications,
            FusedMultiplyAdds + other.FusedMultiplyAdds, Divisions + other.Divisions, Functions + other.Functions,
            Lost + other.Lost) { InDouble = InDouble + other.InDouble };
}
