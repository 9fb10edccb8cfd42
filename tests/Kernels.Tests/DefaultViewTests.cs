using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>The default value of a view, an operand that is not there, has no elements to read or write.</summary>
public class DefaultViewTests
{
    [Fact]
    public unsafe void AMatrixHasNoPointer()
    {
        Assert.Throws<InvalidOperationException>(() => (nint)default(MatrixView<float>).Pointer);
        Assert.Equal(0, default(MatrixView<float>).Array.Length);
    }

    [Fact]
    public void ItsPartsAreNoneToo()
    {
        MatrixView<float> none = default;
        Assert.True(none.SliceRows(0, 0).IsNone && none.SliceColumns(0, 0).IsNone && none.Reshape(0, 0).IsNone);
        Assert.True(default(IndexView).Slice(0, 0).IsNone);
        Assert.Throws<ShapeException>(() => default(MatrixView<float>).SliceRows(0, 1));
        Assert.Throws<ShapeException>(() => default(IndexView).Slice(1, 0));
        Assert.Throws<InvalidOperationException>(() => default(MatrixView<float>).Row(0).Length);
    }

    [Fact]
    public void IndicesAreEmpty()
    {
        Assert.Equal(0, default(IndexView).Span.Length);
        Assert.Equal(0, default(IndexView).ToHost().Length);
    }
}
