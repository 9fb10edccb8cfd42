using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public class ContiguousViewTests
{
    readonly MatrixView<float> view = new(new CpuDevice().Allocate<float>(12), 0, 3, 4, 4);

    [Fact]
    public void RowsThatFollowEachOtherAreOneRun()
    {
        var run = view.SliceRows(1, 2).Contiguous;
        Assert.Equal((4, 8), (((IContiguousArrayView)run).Index, run.Length));
        Assert.False(default(MatrixView<float>).Contiguous.IsValid);
    }

    [Fact]
    public void RowsWithGapsAreRefused() =>
        Assert.Contains("row stride 4",
            Assert.Throws<ShapeException>(() => view.SliceColumns(0, 3).Contiguous).Message);
}
