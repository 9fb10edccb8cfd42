using System.Numerics;

namespace LdNetGpu.Kernels;

/// <summary>A dropout's checks and its two numbers, which every device shares so that the masks are the same.</summary>
/// <param name="Threshold">An element stays where its 24 random bits are at least this: uniform ≥ p in whole numbers, as both sides times 2^24 are exact.</param>
/// <param name="Scale">1 / (1 - p), what stays is multiplied by.</param>
readonly record struct DropoutMask<T>(int Threshold, T Scale) where T : unmanaged, IFloatingPointIeee754<T>
{
    public static DropoutMask<T> Checked(MatrixView<T> input, MatrixView<T> output, float probability)
    {
        Shapes.Same("Dropout", nameof(input), input, nameof(output), output);
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability of dropping an element lies in 0..1.");
        return new((int)MathF.Ceiling(probability * (1 << 24)), probability < 1 ? T.CreateTruncating(1 / (1 - (double)probability)) : T.Zero);
    }
}
