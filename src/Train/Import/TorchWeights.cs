using LdNetGpu.Devices;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;

namespace LdNetGpu.Train.Import;

/// <summary>The state_dict of a model, as a file of PyTorch's has it.</summary>
sealed class TorchWeights
{
    // What the published code's versions, and others, call a model's state_dict in what they save.
    static readonly string[] Keys = ["model", "seq_model", "lm_model", "state_dict"];

    readonly TorchFile file;
    readonly Dictionary<string, TorchTensor> tensors = new(StringComparer.Ordinal);

    /// <param name="file">Stays the caller's.</param>
    /// <exception cref="UserException">There is no state_dict in it.</exception>
    public TorchWeights(TorchFile file)
    {
        this.file = file;
        var root = file.Root as PickleDictionary ?? throw None();
        var model = Keys.Select(name => root.GetValueOrDefault(name)).OfType<PickleDictionary>().FirstOrDefault()
            ?? (root.Values.Any(value => value is TorchTensor) ? root : throw None());
        foreach (var (key, value) in model)
            tensors[key as string ?? throw None()] = value as TorchTensor
                ?? throw new UserException($"{file.Source}: '{key}' in the state_dict is no tensor.");

        UserException None() => new($"{file.Source}: holds no state_dict: neither a dictionary of tensors, nor one "
            + $"under {string.Join(", ", Keys)}.");
    }

    /// <summary>The file, for messages.</summary>
    public string Source => file.Source;

    /// <summary>Tensors.</summary>
    public int Count => tensors.Count;

    /// <summary>Of the tensors, in ordinal order.</summary>
    public IEnumerable<string> Names => tensors.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether there is a tensor.</summary>
    /// <param name="name">Its full name.</param>
    public bool Has(string name) => tensors.ContainsKey(name);

    /// <summary>Sizes of a tensor.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="dimensions">How many it is to have.</param>
    /// <exception cref="UserException">It is not there, or has others.</exception>
    public int[] Sizes(string name, int dimensions)
    {
        if (!tensors.TryGetValue(name, out var tensor)) throw new UserException($"{Source}: has no tensor '{name}'.");
        return tensor.Sizes.Length == dimensions && tensor.Sizes.All(size => size is > 0 and <= int.MaxValue)
            ? Array.ConvertAll(tensor.Sizes, size => (int)size)
            : throw new UserException($"{Source}: tensor '{name}' [{string.Join(", ", tensor.Sizes)}] is to have "
                + $"{dimensions} dimensions, none of them empty.");
    }

    /// <summary>Whether a tensor has such sizes.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="sizes">Of the dimensions.</param>
    public bool Is(string name, params int[] sizes) => tensors.TryGetValue(name, out var tensor)
        && tensor.Sizes.SequenceEqual(sizes.Select(size => (long)size));

    /// <summary>Which recurrent unit a layer is of: its gates are the rows of weight_hh by its columns.</summary>
    /// <param name="layer">The name of its weights, without <c>weight_hh_l0</c>.</param>
    /// <exception cref="UserException">There is no such layer, or none with so many gates.</exception>
    public RecurrentUnit UnitOf(string layer)
    {
        var sizes = Sizes(layer + "weight_hh_l0", 2);
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
            if (unit.Traits().Gates * (long)sizes[1] == sizes[0]) return unit;
        throw new UserException(
            $"{Source}: '{layer}weight_hh_l0' [{string.Join(", ", sizes)}] is of no recurrent unit.");
    }

    /// <summary>Hidden sizes of the layers of a stack, bottom up.</summary>
    /// <param name="stack">What their names begin with.</param>
    public int[] Hidden(string stack)
    {
        var hidden = new List<int>();
        while (Has(Layer(stack, hidden.Count) + "weight_hh_l0"))
            hidden.Add(Sizes(Layer(stack, hidden.Count) + "weight_hh_l0", 2)[1]);
        return [.. hidden];
    }

    /// <summary>Whether the second layer reads what the first one reads, too.</summary>
    /// <param name="stack">What the layers' names begin with.</param>
    /// <param name="embedding">Columns of the first one's input.</param>
    /// <param name="hidden">Of the layers.</param>
    public bool IsDense(string stack, int embedding, int[] hidden) =>
        hidden.Length < 2 || Sizes(Layer(stack, 1) + "weight_ih_l0", 2)[1] == (long)embedding + hidden[0];

    /// <summary>What a layer's names begin with.</summary>
    /// <param name="stack">What all layers' names begin with.</param>
    /// <param name="layer">From 0.</param>
    public static string Layer(string stack, int layer) => Invariant($"{stack}layer.{layer}.layer.");

    /// <summary>Makes a module of these weights.</summary>
    /// <param name="make">Makes the module; called once.</param>
    /// <exception cref="UserException">A tensor is missing, surplus, of another shape, or not finite.</exception>
    public TModule Fill<TModule>(Func<TModule> make) where TModule : Module<float>
    {
        TModule module;
        using (ParameterBudget.Open(Source, file.Elements)) module = make();
        try
        {
            var surplus = tensors.Keys.ToHashSet(StringComparer.Ordinal);
            foreach (var (name, parameter) in module.Parameters())
            {
                int[] expected = [.. parameter.Shape.Sizes];
                if (!Is(name, expected))
                    throw new UserException($"{Source}: tensor '{name}' "
                        + (tensors.TryGetValue(name, out var found) ? $"[{string.Join(", ", found.Sizes)}] " : "")
                        + $"is to be [{string.Join(", ", expected)}], as the others say"
                        + (Has(name) ? "." : ", and is not there."));
                surplus.Remove(name);
            }
            if (surplus.Count > 0)
                throw new UserException($"{Source}: {surplus.Count} tensors have no place in the model, the first is "
                    + $"'{surplus.Order(StringComparer.Ordinal).First()}': it is of a form that is not known here.");
            foreach (var (name, parameter) in module.Parameters())
            {
                var values = file.Values(tensors[name], name);
                if (!Array.TrueForAll(values, float.IsFinite))
                    throw new UserException($"{Source}: tensor '{name}' has values that are NaN or infinite.");
                parameter.CopyFrom(values);
            }
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }
}
