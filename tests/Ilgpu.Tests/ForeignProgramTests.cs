using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>
/// An ordinary program of ILGPU's, with its own context, buffers and kernels, that gains autograd, a gradient check and
/// the race checker by a few lines.
/// </summary>
public class ForeignProgramTests
{
    [Fact]
    public void GainsAutogradAndAGradientCheck()
    {
        if (CudaForTests.IsEmulated) CudaEmulation.Use();
        CudaDriver.ShareWithIlgpu();
        using var context = Context.Create(builder => builder.Cuda().EnableAlgorithms());
        using var accelerator = context.CreateCudaAccelerator(0);
        var forward = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>>(
            SoftplusKernels.Forward);
        var backward =
            accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>>(
                SoftplusKernels.Backward);
        using var x = accelerator.Allocate1D([-2.0, -0.5, 0.0, 0.25, 3.0, 1.5]);

        // What it gains:
        using var device = GpuDevice.From(accelerator);
        var tensor = Tensor.Over(new GpuBackend<double>(device), x.View, new Shape(2, 3));
        tensor.RequiresGradient = true;
        var report = GradientAssert.Holds("softplus",
            () => [new Softplus(tensor, forward, backward).Apply()[0]], [("x", tensor)]);

        Assert.Equal(8, report.Checked);
        Assert.Equal([-2.0, -0.5, 0.0, 0.25, 3.0, 1.5], x.GetAsArray1D());
    }

    [Fact]
    public void GradientCheckFindsAWrongGradient()
    {
        if (CudaForTests.IsEmulated) CudaEmulation.Use();
        CudaDriver.ShareWithIlgpu();
        using var context = Context.Create(builder => builder.Cuda().EnableAlgorithms());
        using var accelerator = context.CreateCudaAccelerator(0);
        var forward = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>>(
            SoftplusKernels.Forward);
        var wrong =
            accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>>(
                SoftplusKernels.WrongBackward);
        using var x = accelerator.Allocate1D([-2.0, 0.5, 1.0]);
        using var device = GpuDevice.From(accelerator);
        var tensor = Tensor.Over(new GpuBackend<double>(device), x.View, new Shape(1, 3));
        tensor.RequiresGradient = true;
        Assert.Throws<GradientAssertException>(() =>
            GradientAssert.Holds("softplus", () => [new Softplus(tensor, forward, wrong).Apply()[0]], [("x", tensor)]));
    }

    [Fact]
    public void GainsTheRaceChecker()
    {
        using var device = new ManagedDevice();
        using var values = device.Allocate<double>(64);
        values.CopyFrom(new double[64]);
        SoftplusKernels.LaunchShiftedInPlace(device, (1, 64), values);
        var error = Assert.Throws<KernelFaultException>(
            () => SoftplusKernels.LaunchShiftedInPlaceWithoutBarrier(device, (1, 64), values));
        Assert.Contains("SoftplusKernels.cs", error.Message);
    }

    /// <summary>Both kernels as one differentiable operation.</summary>
    sealed class Softplus(Tensor<double> x, Action<Index1D, ArrayView<double>, ArrayView<double>> forward,
        Action<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>> backward) : Function<double>(x)
    {
        readonly Tensor<double> y = Tensor.Empty(x.Backend, x.Shape);

        protected override Tensor<double>[] Forward()
        {
            forward((int)x.Shape.Count, x.View.Contiguous, y.View.Contiguous);
            return [y];
        }

        protected override void Backward() =>
            backward((int)x.Shape.Count, x.View.Contiguous, GradientOf(y).Contiguous, GradientToAddTo(x).Contiguous);
    }
}
