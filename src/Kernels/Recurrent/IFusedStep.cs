using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>A kernel that does a step's recurrent product and its cell at once.</summary>
interface IFusedStep
{
    /// <summary>Whether it is chosen for these sizes on this device.</summary>
    bool IsTaken(KernelQuery query);

    /// <summary>
    /// Queues it: h' [batch x H] is read from <paramref name="state"/>, h goes to the step's, another one.
    /// </summary>
    void Launch<T>(GpuDevice device, ArrayView<T> state, Matrix<T> weight, ForwardStep<T> step, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
