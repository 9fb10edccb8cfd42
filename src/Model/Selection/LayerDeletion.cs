using System.Globalization;
using System.Numerics;
using LdNetGpu.Autograd;

namespace LdNetGpu.Model;

/// <summary>Gives layers scales z, and takes layers whose z is 0 out of the model for good.</summary>
public static class LayerDeletion
{
    /// <summary>
    /// The same tagger with z = 1 on every layer of both language models: the start of layer selection. A tagger that
    /// has scales keeps them.
    /// </summary>
    /// <param name="tagger">Stays as it is.</param>
    /// <exception cref="Devices.UserException">It has no language models.</exception>
    public static Tagger<T> WithScales<T>(this Tagger<T> tagger) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tagger);
        RequireLanguageModels(tagger);
        var shape = tagger.Shape;
        var scaled = new Tagger<T>(tagger.Backend, tagger.Options,
            shape with { Forward = shape.Forward! with { Scaled = true },
                Backward = shape.Backward! with { Scaled = true } });
        Copy(tagger, scaled, _ => null);
        return scaled;
    }

    /// <summary>
    /// Layers of a language model that are above 0, from 0, bottom up; all of them where there are no scales.
    /// </summary>
    /// <param name="encoder">Of a tagger.</param>
    public static int[] KeptLayers<T>(this LanguageModelEncoder<T> encoder)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var layers = Enumerable.Range(0, encoder.Stack.Layers.Count);
        if (encoder.Scale is null) return [.. layers];
        var scales = encoder.Scale.ToArray();
        return [.. layers.Where(l => scales[l] > T.Zero)];
    }

    /// <summary>
    /// A smaller tagger without the layers whose z is 0: their columns leave every later layer's weight_ih and W_cr;
    /// kept layers keep their z. It gives the same scores to rounding.
    /// </summary>
    /// <param name="tagger">Stays as it is.</param>
    /// <exception cref="Devices.UserException">It has no language models, or stacked ones.</exception>
    public static Tagger<T> DeleteLayers<T>(this Tagger<T> tagger) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tagger);
        RequireLanguageModels(tagger);
        var (forward, backward) = (tagger.Forward!, tagger.Backward!);
        if (!forward.Shape.Stack.IsDense || !backward.Shape.Stack.IsDense)
            throw new Devices.UserException(
                "Only densely connected language models can lose layers; this one is stacked.");
        int[] keptForward = forward.KeptLayers(), keptBackward = backward.KeptLayers();
        var smaller = new Tagger<T>(tagger.Backend, tagger.Options,
            tagger.Shape with { Forward = Without(forward.Shape, keptForward),
                Backward = Without(backward.Shape, keptBackward) });
        var projected = Columns(forward.Shape.Stack, keptForward, forward.Shape.Stack.Layers)
            .Concat(Columns(backward.Shape.Stack, keptBackward, backward.Shape.Stack.Layers)
                .Select(column => forward.Width + column)).ToArray();
        Copy(tagger, smaller, name => name == "lm_seq.weight" ? ("lm_seq.weight", projected)
            : name.StartsWith("f_lm.rnn.", StringComparison.Ordinal)
                ? Source("f_lm.rnn.", name, forward.Shape.Stack, keptForward)
            : name.StartsWith("b_lm.rnn.", StringComparison.Ordinal)
                ? Source("b_lm.rnn.", name, backward.Shape.Stack, keptBackward)
            : null);
        return smaller;
    }

    static void RequireLanguageModels<T>(Tagger<T> tagger) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (tagger.Forward is null)
            throw new Devices.UserException(
                "Layer selection needs a tagger with language models; this one has none (NoLM).");
    }

    static EncoderShape Without(EncoderShape shape, int[] kept) =>
        shape with { Stack = shape.Stack with { Hidden = [.. kept.Select(l => shape.Stack.Hidden[l])] } };

    /// <summary>Columns of a dense buffer that stay: the embedding and the kept ones among the first layers.</summary>
    static IEnumerable<int> Columns(RecurrentStackShape shape, int[] kept, int layers) =>
        Enumerable.Range(0, shape.Embedding)
            .Concat(kept.Where(l => l < layers).SelectMany(l => Enumerable.Range(shape.InputOf(l), shape.Hidden[l])));

    // Where a tensor of the smaller stack comes from: the original layer's tensor, and which of its columns (null:
    // all).
    static (string Name, int[]? Columns) Source(string prefix, string name, RecurrentStackShape shape, int[] kept)
    {
        var rest = name[prefix.Length..];
        if (rest == "weight_list") return (name, kept);
        var parts = rest.Split('.');
        var original = kept[int.Parse(parts[1], CultureInfo.InvariantCulture)];
        parts[1] = Invariant($"{original}");
        return (prefix + string.Join('.', parts),
            parts[^1] == "weight_ih_l0" ? [.. Columns(shape, kept, original)] : null);
    }

    // source(name) says which tensor, and which of its columns, the target's tensor is; null: the one of the same name,
    // whole. One that is not there stays as it is.
    static void Copy<T>(Module<T> from, Module<T> to, Func<string, (string Name, int[]? Columns)?> source)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var originals = from.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var (name, parameter) in to.Parameters())
        {
            var (original, columns) = source(name) ?? (name, null);
            if (!originals.TryGetValue(original, out var values)) continue;
            parameter.CopyFrom(columns is null ? values.ToArray() : Select(values, columns));
        }
    }

    static T[] Select<T>(Tensor<T> matrix, int[] columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = matrix.ToArray();
        var width = matrix.Shape.Columns;
        var selected = new T[matrix.Shape.Rows * columns.Length];
        for (var row = 0; row < matrix.Shape.Rows; row++)
            for (var c = 0; c < columns.Length; c++)
                selected[row * columns.Length + c] = values[row * width + columns[c]];
        return selected;
    }
}
