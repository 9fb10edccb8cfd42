using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// Numbers that PyTorch computed, from tests/Goldens (README.md there names every tensor). Tensors are called
/// case/role/name; a golden opened for one case leaves the case out.
/// </summary>
/// <example><code>var golden = Golden.Load("lstm").Case("one_direction"); var x = golden.View&lt;float&gt;(device,
/// "input/input");</code></example>
public sealed class Golden
{
    readonly record struct Entry(string Type, int[] Shape, int Start, int End);

    readonly Dictionary<string, Entry> entries = [];
    readonly byte[] data;
    readonly string prefix;

    Golden(string name, byte[] file)
    {
        Name = name;
        var header = 8 + checked((int)BitConverter.ToUInt64(file));
        data = file[header..];
        prefix = "";
        using var json = JsonDocument.Parse(file.AsMemory(8, header - 8));
        foreach (var tensor in json.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"))
        {
            int[] offsets = Integers(tensor.Value, "data_offsets");
            entries[tensor.Name] = new(tensor.Value.GetProperty("dtype").GetString()!, Integers(tensor.Value, "shape"),
                offsets[0], offsets[1]);
        }

        static int[] Integers(JsonElement tensor, string property) =>
            [.. tensor.GetProperty(property).EnumerateArray().Select(number => number.GetInt32())];
    }

    Golden(Golden whole, string @case)
    {
        (Name, data, entries, prefix) = ($"{whole.Name} {@case}", whole.data, whole.entries, $"{@case}/");
        if (!Names.Any()) throw new KeyNotFoundException($"Golden {whole.Name} has no case {@case}.");
    }

    /// <summary>File and case, for messages.</summary>
    public string Name { get; }

    /// <summary>All tensors of this case.</summary>
    public IEnumerable<string> Names => entries.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => name[prefix.Length..]);

    /// <summary>Path of a file that lies beside the test assembly: the checkpoints are loaded from there.</summary>
    public static string PathOf(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Goldens", $"{name}.safetensors");

    public static Golden Load(string name) => new(name, File.ReadAllBytes(PathOf(name)));

    /// <summary>The same file, seen through one case.</summary>
    public Golden Case(string name) => new(this, name);

    public bool Has(string name) => entries.ContainsKey(prefix + name);

    public int[] Shape(string name) => Find(name).Shape;

    /// <summary>Elements in row-major order.</summary>
    public double[] Values(string name)
    {
        var entry = Find(name);
        var bytes = data.AsSpan(entry.Start..entry.End);
        return entry.Type switch
        {
            "F64" => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            "F32" => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), value => (double)value),
            _ => throw new InvalidDataException(
                $"Golden {Name}: {name} holds {entry.Type}, not numbers with a fraction."),
        };
    }

    /// <summary>The one element of a tensor without dimensions.</summary>
    public double Scalar(string name) => Values(name).Single();

    /// <summary>Elements of an index tensor (ids, tags, lengths, flags).</summary>
    public int[] Indices(string name)
    {
        var entry = Find(name);
        if (entry.Type != "I64")
            throw new InvalidDataException($"Golden {Name}: {name} holds {entry.Type}, not indices.");
        return Array.ConvertAll(MemoryMarshal.Cast<byte, long>(data.AsSpan(entry.Start..entry.End)).ToArray(),
            value => checked((int)value));
    }

    /// <summary>
    /// The tensor on a device as rows of its last dimension ([T, B, n] is T·B rows of n). The input and parameters are
    /// exact in float.
    /// </summary>
    /// <param name="stride">Elements from row to row; 0 means no gaps.</param>
    public MatrixView<T> View<T>(ComputeDevice device, string name, int stride = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = Values(name);
        var columns = Shape(name) is [.., var last] ? last : 1;
        return Views.From(device, values.Length / columns, columns,
            (row, column) => T.CreateChecked(values[row * columns + column]), stride);
    }

    /// <summary>An index tensor on a device, flat.</summary>
    public IndexView IndexView(ComputeDevice device, string name) => Views.Indices(device, Indices(name));

    Entry Find(string name) => entries.TryGetValue(prefix + name, out var entry)
        ? entry
        : throw new KeyNotFoundException($"Golden {Name} has no tensor {name}; it has {string.Join(", ", Names)}.");
}
