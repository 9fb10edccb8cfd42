namespace LdNetGpu.Autograd;

/// <summary>What an optimizer's step came to.</summary>
/// <param name="GradientNorm">Global L2 norm of all gradients, before clipping.</param>
/// <param name="Loss">The loss that the step was given; 0 without.</param>
public readonly record struct StepOutcome(double GradientNorm, double Loss);
