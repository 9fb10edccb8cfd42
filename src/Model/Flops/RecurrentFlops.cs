using LdNetGpu.Devices;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Flops;

/// <summary>Multiply-adds of recurrent layers; biases and the element-wise rest are left out.</summary>
public static class RecurrentFlops
{
    /// <summary>One time step of a layer: gates · hidden · (input + hidden).</summary>
    /// <param name="unit">What the layer is made of.</param>
    /// <param name="input">Width of x_t.</param>
    /// <param name="hidden">Width of h_t.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is negative, or there is no such unit.</exception>
    /// <exception cref="ShapeException">It is more than a long holds.</exception>
    public static long PerStep(RecurrentUnit unit, int input, int hidden)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfNegative(hidden);
        return Count((Int128)unit.Traits().Gates * hidden * ((long)input + hidden));
    }

    /// <summary>One word through all layers.</summary>
    /// <param name="stack">The layers, each with all that it reads.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is negative, or there is no such unit.</exception>
    /// <exception cref="ShapeException">It is more than a long holds.</exception>
    public static long MultiplyAdds(this RecurrentStackShape stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        Int128 sum = 0;
        for (var layer = 0; layer < stack.Layers; layer++)
            sum += PerStep(stack.Unit, stack.InputOf(layer), stack.Hidden[layer]);
        return Count(sum);
    }

    static long Count(Int128 multiplyAdds) => multiplyAdds <= long.MaxValue
        ? (long)multiplyAdds
        : throw new ShapeException("FLOPs", $"{multiplyAdds} multiply-adds are more than 2^63.");
}
