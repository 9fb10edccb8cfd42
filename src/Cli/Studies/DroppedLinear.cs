using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>[batch, 256] inputs, half of them dropped, times a [64, 256] weight.</summary>
sealed record DroppedLinear(int Batch, bool OnLoad) : IImplementation
{
    const int Inputs = 256, Outputs = 64;
    const float Probability = 0.5f;

    public string Name => OnLoad ? "dropped on load" : "dropped into memory";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (x, weight, bias) =
            (inputs.Numbers("x", Batch, Inputs), inputs.Numbers("weight", Outputs, Inputs),
                inputs.Numbers("bias", Outputs));
        var key = new RandomKey(3, 1, 4);
        return OnLoad
            ? () => [x.Linear(weight, bias, dropout: new(Probability, key)).View]
            : () => [x.Dropout(Probability, key).Linear(weight, bias).View];
    }
}
