using System.Numerics;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// y = activation(x Wᵀ + b): x [..., in], W [out, in], b [out], y [..., out]; PyTorch's nn.Linear with the ReLU and
/// dropout of x fused.
/// </summary>
sealed class LinearFunction<T>(Tensor<T> input, Tensor<T> weight, Tensor<T>? bias, Activation activation,
    InputDropout dropout)
    : Function<T>(input, weight, bias) where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(weight.Shape.Rank == 2 && weight.Shape.Columns == input.Shape.Columns,
            $"input {input.Shape} with weight {weight.Shape}: their last sizes must agree.");
        Require(bias is null || bias.Shape.Count == weight.Shape[0],
            $"bias {bias?.Shape} with weight {weight.Shape}: one element an output is needed.");
        if (!dropout.IsNone) RefuseKeysWhileRecording();
        output = Tensor.Empty(Backend, input.Shape.WithColumns(weight.Shape[0]));
        Backend.Gemm.Multiply(GemmKind.NT, input.View, weight.View, output.View, bias: bias.AsRow(),
            activation: activation,
            dropout: dropout.On(ProductOperand.A, input.Shape.Columns));
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        if (activation == Activation.Relu)
            Backend.Elementwise.MapBackward(Unary.Relu, output.View, output.View, gradient, gradient,
                accumulate: false);
        if (Needs(input))
        {
            var target = GradientFor(input, out var accumulate);
            Backend.MultiplyDropped(gradient, weight.View, target, accumulate, dropout);
        }
        if (Needs(weight))
        {
            var target = GradientFor(weight, out var accumulate);
            Backend.Gemm.Multiply(GemmKind.TN, gradient, input.View, target, accumulate,
                dropout: dropout.On(ProductOperand.B, input.Shape.Columns));
        }
        if (Needs(bias))
        {
            var target = GradientFor(bias, out var accumulate).AsRow();
            Backend.Reduction.SumRows(gradient, target, accumulate);
        }
    }
}

static class DroppedInputs
{
    /// <summary>The gradient of a product's dropped input: target (+)= mask ∘ (gradient · weight) / (1 - p).</summary>
    public static void MultiplyDropped<T>(
        this DeviceBackend<T> backend, MatrixView<T> gradient, MatrixView<T> weight, MatrixView<T> target,
        bool accumulate, InputDropout dropout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (dropout.IsNone)
        {
            backend.Gemm.Multiply(GemmKind.NN, gradient, weight, target, accumulate);
            return;
        }
        using var dropped = new Scratch<T>(backend.Device, target.Rows, target.Columns);
        backend.Gemm.Multiply(GemmKind.NN, gradient, weight, dropped.View);
        backend.Dropout.Apply(dropped.View, target, dropout.Key, dropout.Probability, accumulate);
    }
}

/// <summary>C = op(A) op(B) for matrices.</summary>
sealed class MatrixProductFunction<T>(GemmKind kind, Tensor<T> a, Tensor<T> b) : Function<T>(a, b)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        var (m, k) = kind == GemmKind.TN ? (a.Shape.Columns, a.Shape.Rows) : (a.Shape.Rows, a.Shape.Columns);
        var (n, inner) = kind == GemmKind.NT ? (b.Shape.Rows, b.Shape.Columns) : (b.Shape.Columns, b.Shape.Rows);
        Require(k == inner, $"{a.Shape} and {b.Shape} as {kind}: inner sizes {k} and {inner} must agree.");
        output = Tensor.Empty(Backend, new Shape(m, n));
        Backend.Gemm.Multiply(kind, a.View, b.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        if (Needs(a))
        {
            var target = GradientFor(a, out var accumulate);
            if (kind == GemmKind.TN) Backend.Gemm.Multiply(GemmKind.NT, b.View, gradient, target, accumulate);
            else
                Backend.Gemm.Multiply(kind == GemmKind.NN ? GemmKind.NT : GemmKind.NN, gradient, b.View, target,
                    accumulate);
        }
        if (Needs(b))
        {
            var target = GradientFor(b, out var accumulate);
            if (kind == GemmKind.NT) Backend.Gemm.Multiply(GemmKind.TN, gradient, a.View, target, accumulate);
            else
                Backend.Gemm.Multiply(kind == GemmKind.NN ? GemmKind.TN : GemmKind.NN, a.View, gradient, target,
                    accumulate);
        }
    }
}

/// <summary>Vectors as one row, whatever their shape.</summary>
static class RowViews
{
    public static MatrixView<T> AsRow<T>(this Tensor<T>? vector) where T : unmanaged, IFloatingPointIeee754<T> =>
        vector is null ? default : vector.View.AsRow();

    public static MatrixView<T> AsRow<T>(this MatrixView<T> vector)
        where T : unmanaged => vector.Reshape(1, (int)vector.Count);
}

/// <summary>Products of matrices.</summary>
public static class LinearOperations
{
    /// <summary>activation(x Wᵀ + b), elements of x dropped on the way.</summary>
    /// <param name="input">x [..., in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or none.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="dropout">Which elements of x are dropped; the default is none.</param>
    /// <returns>[..., out].</returns>
    /// <exception cref="Devices.ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability of the dropout lies outside 0..1.</exception>
    /// <exception cref="Devices.Gpu.RecordingException">
    /// Work is being recorded: each replay would drop the same elements.
    /// </exception>
    public static Tensor<T> Linear<T>(
        this Tensor<T> input, Tensor<T> weight, Tensor<T>? bias = null, Activation activation = Activation.None,
        InputDropout dropout = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        return new LinearFunction<T>(input, weight, bias, activation, dropout).Apply()[0];
    }

    /// <summary>Matrix product; leading dimensions are flattened into rows.</summary>
    /// <param name="a">[M, K]; [K, M] for <see cref="GemmKind.TN"/>.</param>
    /// <param name="b">[K, N]; [N, K] for <see cref="GemmKind.NT"/>.</param>
    /// <param name="kind">Which of the two is transposed.</param>
    /// <returns>[M, N].</returns>
    /// <exception cref="Devices.ShapeException">The inner sizes differ.</exception>
    public static Tensor<T> MatrixProduct<T>(this Tensor<T> a, Tensor<T> b, GemmKind kind = GemmKind.NN)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new MatrixProductFunction<T>(kind, a, b).Apply()[0];
    }
}
