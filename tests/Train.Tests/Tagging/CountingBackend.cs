using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Loss;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Rows;
using LdNetGpu.Kernels.Selection;

namespace LdNetGpu.Tests.Tagging;

/// <summary>
/// The CPU's operations; counts how often a recurrence is asked for, which every forward pass of a tagger does equally
/// often.
/// </summary>
sealed class CountingBackend : DeviceBackend<float>
{
    readonly CpuBackend<float> cpu = new(new CpuDevice(1));

    public int Recurrences { get; private set; }

    public override ComputeDevice Device => cpu.Device;
    public override IGemm<float> Gemm => cpu.Gemm;
    public override IElementwise<float> Elementwise => cpu.Elementwise;
    public override IReduction<float> Reduction => cpu.Reduction;
    public override IDropout<float> Dropout => cpu.Dropout;
    public override IRows<float> Rows => cpu.Rows;
    public override ICrossEntropy<float> CrossEntropy => cpu.CrossEntropy;
    public override ICrf<float> Crf => cpu.Crf;
    public override IOptimizers<float> Optimizers => cpu.Optimizers;
    public override ISelection<float> Selection => cpu.Selection;

    public override IRecurrence<float> Recurrence
    {
        get
        {
            Recurrences++;
            return cpu.Recurrence;
        }
    }
}
