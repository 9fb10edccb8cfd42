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
    public void IndicesAreEmpty()
    {
        Assert.Equal(0, default(IndexView).Span.Length);
        Assert.Equal(0, default(IndexView).ToHost().Length);
    }
}
