using ILGPU;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>In a kernel: what the host says of a step.</summary>
readonly record struct StepSettings(ArrayView<double> Values)
{
    public const int Length = 3;

    public double LearningRate => Values[0];

    /// <summary>The step's number, from 1.</summary>
    public double Number => Values[1];

    /// <summary>Infinite where gradients are not clipped.</summary>
    public double ClipNorm => Values[2];
}

/// <summary>
/// In a kernel: what gradient clipping made of a step. No values at all let every step apply, for updates without a
/// gradient.
/// </summary>
readonly record struct ClippedStep(ArrayView<double> Values)
{
    public const int AppliesAt = 0, ScaleAt = 1, RateAt = 2, CorrectionAt = 3, NormAt = 4, LossAt = 5, SkippedAt = 6,
        BadBlockAt = 7, Length = 8;

    /// <summary>Whether the step changes anything.</summary>
    public bool Applies => Values.Length == 0 || Values[AppliesAt] != 0;

    /// <summary>What gradients are multiplied by.</summary>
    public double Scale => Values[ScaleAt];

    /// <summary>lr / (1 - β1^t); the learning rate itself for rules without β1.</summary>
    public double Rate => Values[RateAt];

    /// <summary>1 / √(1 - β2^t); 1 for rules without β2.</summary>
    public double Correction => Values[CorrectionAt];
}
