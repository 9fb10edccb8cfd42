using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Model;

/// <summary>y = x Wᵀ + b: weight [out, in], bias [out].</summary>
public sealed class Linear<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Linear(DeviceBackend<T> backend, int inputs, int outputs, bool bias = true) : base(backend)
    {
        Weight = Register("weight", new Shape(outputs, inputs));
        Bias = bias ? Register("bias", new Shape(outputs)) : null;
    }

    public Parameter<T> Weight { get; }

    public Parameter<T>? Bias { get; }

    public Tensor<T> Forward(Tensor<T> input, Activation activation = Activation.None, InputDropout dropout = default) =>
        input.Linear(Weight, Bias, activation, dropout);

    public void Initialize(RandomStream random) => Initialization.Linear(Weight, Bias, random);
}
