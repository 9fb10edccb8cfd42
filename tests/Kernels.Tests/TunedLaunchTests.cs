using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>Tuned values change how a kernel is launched.</summary>
public sealed class TunedLaunchTests
{
    // 64 x 64: tiles of 16·rows x 16·columns.
    [Theory, InlineData(4, 4, 1), InlineData(1, 1, 16), InlineData(2, 4, 2), InlineData(8, 1, 4)]
    public void GroupsOfAProductAreThoseOfItsTiles(int rowsPerLane, int columnsPerLane, int groups) =>
        Assert.Equal(groups, Launched(GemmKernels.MultiplyInstance<float>(), [rowsPerLane, columnsPerLane]).Groups);

    [Fact]
    public void WithoutARecordTilesAreTheStandardOnes() =>
        Assert.Equal(1, Launched(GemmKernels.MultiplyInstance<float>(), null).Groups);

    // 64 rows of 64 columns: a lane for each block of each column, which reads one column of its block.
    [Theory, InlineData(64, 64), InlineData(8, 8 * 64), InlineData(256, 64)]
    public void PartialSumsAreThoseOfTheirBlocks(int rowBlock, int sums) => Assert.Equal(sums * sizeof(float),
        Launched(ReductionKernels.SumRowBlocksInstance<float>(), [rowBlock]).Total.GlobalStores.Bytes);

    static ProfiledKernel Launched(KernelInstance kernel, int[]? values)
    {
        using var device = new ManagedDevice();
        using var forced = values is null ? null : device.Tuning.Force(kernel, values);
        var backend = new GpuBackend<float>(device);
        using var memory = device.Allocate<float>(3 * 64 * 64);
        memory.CopyFrom(new float[3 * 64 * 64]);
        var (a, b, c) = (Matrix(0), Matrix(1), Matrix(2));
        using var profile = device.BeginProfile();
        backend.Gemm.Multiply(GemmKind.NN, a, b, c);
        backend.Reduction.SumRows(a, c.SliceRows(0, 1));
        return profile.Kernels.Single(one => one.Kernel == kernel);

        MatrixView<float> Matrix(int which) => new(memory, which * 64 * 64, 64, 64, 64);
    }
}
