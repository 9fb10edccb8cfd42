using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Tests;

/// <summary>Methods with <see cref="GradientCheckAttribute"/>, as a user writes them.</summary>
public class CheckedProducts
{
    [GradientCheck, GradientShapes(1, 1), GradientShapes(3, 5)]
    public static Tensor<double> Product(GradientInput<double> leaf, int rows, int columns) =>
        leaf("a", rows, columns).Multiply(leaf("b", rows, columns));

    [GradientCheck(Thorough = true, Device = GradientDevice.Managed), GradientShapes(2, 3, 5)]
    public IReadOnlyList<Tensor<T>> MatrixProduct<T>(GradientInput<T> leaf, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [leaf("a", rows, inner).MatrixProduct(leaf("b", columns, inner), GemmKind.NT)];

    [GradientCheck]
    public static Tensor<double> WithoutDimensions(GradientInput<double> leaf) => leaf("a", 4).Scale(3);
}
