using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

public class PackedViewTests
{
    readonly MatrixView<float> view = new(new CpuDevice().Allocate<float>(12), 0, 3, 4, 4);

    [Fact]
    public void Rows_that_follow_each_other_are_one_run()
    {
        var packed = view.SliceRows(1, 2).Packed;
        Assert.Equal((4, 8), (packed.Offset, packed.Length));
        Assert.True(default(MatrixView<float>).Packed.IsEmpty);
    }

    [Fact]
    public void Rows_with_gaps_are_refused() =>
        Assert.Contains("row stride 4", Assert.Throws<ShapeException>(() => view.SliceColumns(0, 3).Packed).Message);
}
