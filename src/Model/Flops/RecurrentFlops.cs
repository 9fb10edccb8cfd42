using LdNetGpu.Kernels.Recurrent;


namespace LdNetGpu.Model.Flops;

/// <summary>Multiply-adds of recurrent layers; biases and the element-wise rest are left out.</summary>
public static class RecurrentFlops
{
    /// <summary>One time step of a layer: gates · hidden · (input + hidden).</summary>
    /// <param name="unit">What the layer is made of.</param>
    /// <param name="input">Width of x_t.</param>
    /// <param name="hidden">Width of h_t.</param>
    public static long PerStep(RecurrentUnit unit, int input, int hidden) =>
        (long)unit.Traits().Gates * hidden * (input + hidden);

    /// <summary>One word through all layers.</summary>
    /// <param name="stack">The layers, each with all that it reads.</param>
    public static long MultiplyAdds(this RecurrentStackShape stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return Enumerable.Range(0, stack.Layers)
            .Sum(layer => PerStep(stack.Unit, stack.InputOf(layer), stack.Hidden[layer]));
    }
}
