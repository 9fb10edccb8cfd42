using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>
/// The paper's regularizers of the layer weights z (LD-Net, section 3.3), over all layers of both directions together.
/// </summary>
public enum SelectionPenalty
{
    /// <summary>Sum of |z|.</summary>
    R1,

    /// <summary>R1 while more than the wanted number of layers is above 0, else 0.</summary>
    R2,

    /// <summary>R2 + sum of |z(1 - z)|: sparse and binary. The paper's choice.</summary>
    R3,
}

/// <summary>The penalty's value, a scalar.</summary>
sealed class SelectionPenaltyFunction<T>(Tensor<T>[] scales, SelectionPenalty kind, int wantedLayers)
    : Function<T>(scales)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;
    bool shrinks;

    protected override Tensor<T>[] Forward()
    {
        var values = scales.SelectMany(scale => scale.ToArray()).ToArray();
        shrinks = kind == SelectionPenalty.R1 || values.Count(z => z != T.Zero) > wantedLayers;
        var sum = T.Zero;
        foreach (var z in values)
        {
            if (shrinks) sum += T.Abs(z);
            if (kind == SelectionPenalty.R3) sum += T.Abs(z * (T.One - z));
        }
        output = Tensor.From(Backend, [sum], new Shape());
        return [output];
    }

    protected override void Backward()
    {
        var upstream = T.CreateChecked(ReadScalar());
        foreach (var scale in scales)
        {
            if (!Needs(scale)) continue;
            var slopes = Array.ConvertAll(scale.ToArray(), Slope);
            using var gradient = Rent(scale.Shape.Rows, scale.Shape.Columns);
            gradient.View.Buffer.CopyFrom(slopes);
            var target = GradientFor(scale, out var accumulate);
            Backend.Elementwise.Scale(upstream, gradient.View, target, accumulate);
        }
    }

    double ReadScalar()
    {
        var value = new T[1];
        var gradient = GradientOf(output);
        gradient.Buffer.CopyTo(value, gradient.Offset);
        return double.CreateChecked(value[0]);
    }

    // |z(1 - z)| one-sided at the borders of [0, 1], from inside, where the projection keeps z: at z = 1 the parts of
    // R3 cancel (1 - 1) while layers are shed. |z| has slope 0 at 0: a layer that left is not held there by it.
    T Slope(T z)
    {
        var slope = shrinks ? T.CreateChecked(T.Sign(z)) : T.Zero;
        if (kind != SelectionPenalty.R3) return slope;
        var inside = z >= T.Zero && z <= T.One;
        var binary = T.One - z - z;
        return slope + (inside ? binary : -binary);
    }
}

/// <summary>The regularizers of layer selection (LD-Net, section 3.3).</summary>
public static class SelectionOperations
{
    /// <summary>The penalty over all given scales together; wantedLayers is the paper's λ1.</summary>
    /// <param name="scales">z of each direction, [layers].</param>
    /// <param name="kind">Which of the paper's.</param>
    /// <param name="wantedLayers">λ1: with so many layers left, R2 is 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such penalty, or fewer than 0 layers.</exception>
    public static Tensor<T> Penalty<T>(this Tensor<T>[] scales, SelectionPenalty kind, int wantedLayers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        NullElements.Refuse(scales);
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "No penalty has this name.");
        ArgumentOutOfRangeException.ThrowIfNegative(wantedLayers);
        return new SelectionPenaltyFunction<T>(scales, kind, wantedLayers).Apply()[0];
    }
}
