using static TorchSharp.torch;

namespace LdNetGpu.Bench.Torch;

/// <summary>LSTM layers of 300, each of which reads the input and every layer below it.</summary>
sealed class DenseLstm : nn.Module<Tensor, Tensor>
{
    const int Size = 300;

    readonly TorchSharp.Modules.LSTM[] layers;
    readonly double layerDropout;
    readonly Random random = new(0);

    public DenseLstm(int layerCount, double layerDropout = 0) : base(nameof(DenseLstm))
    {
        this.layerDropout = layerDropout;
        layers = [.. Enumerable.Range(0, layerCount).Select(layer => nn.LSTM(Size + layer * Size, Size))];
        for (var i = 0; i < layerCount; i++) register_module($"layer{i}", layers[i]);
    }

    /// <summary>Columns of the output: the input's and every layer's.</summary>
    public int Width => Size + layers.Length * Size;

    public override Tensor forward(Tensor input)
    {
        var (read, output) = (input, input);
        foreach (var layer in layers)
        {
            var hidden = layer.call(read).Item1;
            output = cat([output, hidden], 2);
            read = cat([read, training && random.NextDouble() < layerDropout ? zeros_like(hidden) : hidden], 2);
        }
        return output;
    }
}
