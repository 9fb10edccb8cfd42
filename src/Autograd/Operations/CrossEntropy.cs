using System.Numerics;

namespace LdNetGpu.Autograd;

/// <summary>x - log sum exp x over the last dimension.</summary>
sealed class LogSoftmaxFunction<T>(Tensor<T> input) : Function<T>(input) where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        output = Tensor.Empty(Backend, input.Shape);
        Backend.CrossEntropy.LogSoftmax(input.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var target = GradientFor(input, out var accumulate);
        Backend.CrossEntropy.LogSoftmaxBackward(output.View, GradientOf(output), target, accumulate);
    }
}

/// <summary>
/// Negative log-likelihood of each row's target under the row's softmax: [..., classes] to [rows, 1].
/// </summary>
sealed class CrossEntropyFunction<T>(Tensor<T> logits, IntTensor targets) : Function<T>(logits)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> losses = null!, logPartition = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(targets.Count == logits.Shape.Rows,
            $"{targets.Count} targets for {logits.Shape}: one a row is needed.");
        losses = Tensor.Empty(Backend, new Shape(targets.Count, 1));
        logPartition = Save(targets.Count, 1);
        Backend.CrossEntropy.Forward(logits.View, targets.View, logPartition.View, losses.View);
        return [losses];
    }

    protected override void Backward()
    {
        var target = GradientFor(logits, out var accumulate);
        Backend.CrossEntropy.Backward(logits.View, targets.View, logPartition.View, GradientOf(losses), target,
            accumulate);
    }
}

/// <summary>Softmax over the last dimension, and its loss.</summary>
public static class CrossEntropyOperations
{
    /// <summary>Log-probabilities over the last dimension.</summary>
    /// <param name="input">[..., classes].</param>
    /// <returns>[..., classes].</returns>
    public static Tensor<T> LogSoftmax<T>(this Tensor<T> input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        return new LogSoftmaxFunction<T>(input).Apply()[0];
    }

    /// <summary>Losses [rows, 1]; a target of -1 is a row that does not count.</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="targets">[rows], -1 to classes - 1.</param>
    /// <exception cref="Devices.ShapeException">There is not one target a row, or one is no class.</exception>
    public static Tensor<T> CrossEntropy<T>(this Tensor<T> logits, IntTensor targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        return new CrossEntropyFunction<T>(logits, targets).Apply()[0];
    }
}
