using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Model;

/// <summary>y = x Wᵀ + b: weight [out, in], bias [out].</summary>
public sealed class Linear<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Zeros until <see cref="Initialize"/>.</summary>
    /// <param name="backend">Where it lives.</param>
    /// <param name="inputs">Width of x.</param>
    /// <param name="outputs">Width of y.</param>
    /// <param name="bias">Whether there is a b.</param>
    public Linear(DeviceBackend<T> backend, int inputs, int outputs, bool bias = true) : base(backend)
    {
        Weight = Register("weight", new Shape(outputs, inputs));
        Bias = bias ? Register("bias", new Shape(outputs)) : null;
    }

    /// <summary>W [out, in].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>b [out]; null without.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>[..., in] to [..., out].</summary>
    /// <param name="input">x.</param>
    /// <param name="activation">Applied to y.</param>
    /// <param name="dropout">Of the elements of x.</param>
    /// <exception cref="ShapeException">The width of x is another.</exception>
    public Tensor<T> Forward(Tensor<T> input, Activation activation = Activation.None, InputDropout dropout = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Linear(Weight, Bias, activation, dropout);
    }

    /// <summary>Draws W as the published code does; b is 0.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Initialization.Linear(Weight, Bias, random);
    }
}
