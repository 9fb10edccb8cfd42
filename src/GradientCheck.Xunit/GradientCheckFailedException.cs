using Xunit.Sdk;

namespace LdNetGpu.Autograd;

/// <summary>A <see cref="GradientCheckAttribute"/>'s check failed.</summary>
public sealed class GradientCheckFailedException : XunitException
{
    internal GradientCheckFailedException(string given, string smallest, Exception problem, string reproduction)
        : base($"{given} fails" + (given == smallest ? "" : $", and so does {smallest}, the smallest") + ".\n"
            + $"{(problem is GradientAssertException ? "" : problem.GetType().Name + ": ")}{problem.Message}\n\n"
            + $"This reproduces it:\n\n{reproduction}", problem) => Reproduction = reproduction;

    /// <summary>A file of C# with one test that fails in the same way.</summary>
    public string Reproduction { get; }
}
