using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Train.Training;

/// <summary>
/// The recurrent state between two chunks: tensors that outlive the steps' scopes and are written over each time.
/// </summary>
sealed class CarriedState
{
    readonly List<Parameter<float>> owned = [];

    /// <summary>None before the first chunk of a pass: zeros.</summary>
    public RecurrentState<float>[]? Layers { get; private set; }

    /// <summary>By name, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor<float> Value)> Tensors =>
        (Layers ?? []).SelectMany((layer, l) => layer.Cell is { } cell
        ? new[] { ($"hidden.{l}", layer.Hidden), ($"cell.{l}", cell) }
        : [($"hidden.{l}", layer.Hidden)]);

    /// <summary>Zeros of the given shape: hidden size of each layer, and whether it has a cell.</summary>
    public void Allocate(DeviceBackend<float> backend, int streams, IReadOnlyList<(int Hidden, bool HasCell)> shape)
    {
        Reset();
        Layers = [
            .. shape.Select(
                layer => new RecurrentState<float>(New(layer.Hidden), layer.HasCell ? New(layer.Hidden) : null))];

        Parameter<float> New(int hidden)
        {
            var tensor = new Parameter<float>(backend, new Shape(streams, hidden)) { RequiresGradient = false };
            owned.Add(tensor);
            return tensor;
        }
    }

    /// <summary>Takes over the values of a chunk's final state.</summary>
    public void CopyFrom(RecurrentState<float>[] final, DeviceBackend<float> backend)
    {
        if (final.Length == 0) return;
        if (Layers is null)
            Allocate(backend, final[0].Hidden.Shape[0],
                [.. final.Select(layer => (layer.Hidden.Shape[1], layer.Cell is not null))]);
        for (var l = 0; l < final.Length; l++)
        {
            backend.Elementwise.Copy(final[l].Hidden.View, Layers![l].Hidden.Mutate());
            if (final[l].Cell is { } cell) backend.Elementwise.Copy(cell.View, Layers[l].Cell!.Mutate());
        }
    }

    /// <summary>The state of every rank's streams, as one rank that has all of them would have it.</summary>
    public CarriedState Together(RankGroup ranks, DeviceBackend<float> backend, int streams)
    {
        var whole = new CarriedState();
        if (Layers is null) return whole;
        whole.Allocate(backend, streams, [.. Layers.Select(layer => (layer.Hidden.Shape[1], layer.Cell is not null))]);
        foreach (var ((_, mine), (_, all)) in Tensors.Zip(whole.Tensors))
        {
            var (width, parts) = ((int)mine.Shape[1], ranks.Gather<float>(mine.ToArray()));
            var values = new float[streams * width];
            for (var stream = 0; stream < streams; stream++)
                parts[stream % ranks.Size].AsSpan(stream / ranks.Size * width, width)
                    .CopyTo(values.AsSpan(stream * width));
            all.CopyFrom(values);
        }
        return whole;
    }

    /// <summary>Takes over a rank's streams out of all.</summary>
    public void TakeFrom(CarriedState whole, RowShare share, DeviceBackend<float> backend)
    {
        if (whole.Layers is null) return;
        Allocate(backend, share.Rows,
            [.. whole.Layers.Select(layer => (layer.Hidden.Shape[1], layer.Cell is not null))]);
        foreach (var ((_, mine), (_, all)) in Tensors.Zip(whole.Tensors))
        {
            var (width, values) = ((int)mine.Shape[1], all.ToArray());
            mine.CopyFrom([.. Enumerable.Range(0, share.Rows).SelectMany(row =>
                values.AsSpan((share.First + row * share.Stride) * width, width).ToArray())]);
        }
    }

    public void Reset()
    {
        foreach (var tensor in owned) tensor.Dispose();
        owned.Clear();
        Layers = null;
    }
}
