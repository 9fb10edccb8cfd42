using System.Numerics;

namespace LdNetGpu.Autograd;

/// <summary>Kernels that compute a function, launched by hand, in any kind of number.</summary>
public interface IForwardKernel
{
    /// <summary>What the function is of, one or more.</summary>
    IReadOnlyList<KernelOperand> Inputs { get; }

    /// <summary>What it writes, one or more; every element.</summary>
    IReadOnlyList<KernelOperand> Outputs { get; }

    /// <summary>Launches what writes the outputs; it leaves the inputs as they are.</summary>
    /// <param name="operands">Inputs, outputs, and the device.</param>
    void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>Kernels with the kernels of their gradients, which a gradient check holds to be right.</summary>
public interface IKernelPair : IForwardKernel
{
    /// <summary>
    /// Launches what turns the outputs' gradients into the inputs'. Each of those is zeros before: a kernel may write
    /// it or add to it.
    /// </summary>
    /// <param name="operands">
    /// As <see cref="IForwardKernel.Forward"/> left them, what it has kept, and the gradients.
    /// </param>
    void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>An input or an output of kernels.</summary>
/// <param name="Name">What the launches and the report call it; each operand has its own.</param>
/// <param name="Sizes">Its shape: the last one is the columns.</param>
public sealed record KernelOperand(string Name, params int[] Sizes)
{
    /// <summary>What the launches and the report call it.</summary>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = Name ?? throw new ArgumentNullException(nameof(Name));

    /// <summary>Its shape: the last one is the columns.</summary>
    public int[] Sizes
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Sizes));
    } = Sizes ?? throw new ArgumentNullException(nameof(Sizes));

    /// <summary>Of an input: where the function is looked at, in row order; null to have it drawn.</summary>
    public IReadOnlyList<double>? Values { get; init; }
}
