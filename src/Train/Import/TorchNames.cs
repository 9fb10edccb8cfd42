using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Train.Import;

/// <summary>Values that several tensors may look at.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Of the elements.</param>
/// <param name="Elements">How many there are.</param>
sealed record TorchStorage(string Key, TensorType Type, long Elements);

/// <summary>A tensor of a file: which elements of a storage.</summary>
/// <param name="Storage">Where the values are.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Sizes">Of the dimensions.</param>
/// <param name="Strides">Elements from one place of a dimension to the next.</param>
sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Sizes, long[] Strides);

/// <summary>What PyTorch's files name besides: storages and how tensors are put on them.</summary>
sealed class TorchNames : PlainNames
{
    // More dimensions than any layer has.
    const int MostDimensions = 8;

    static readonly Dictionary<string, TensorType> Storages = new()
    {
        ["FloatStorage"] = TensorType.F32, ["DoubleStorage"] = TensorType.F64, ["HalfStorage"] = TensorType.F16,
        ["BFloat16Storage"] = TensorType.BF16, ["LongStorage"] = TensorType.I64, ["IntStorage"] = TensorType.I32,
        ["ShortStorage"] = TensorType.I16, ["CharStorage"] = TensorType.I8, ["ByteStorage"] = TensorType.U8,
        ["BoolStorage"] = TensorType.BOOL,
    };

    static readonly PickleGlobal Rebuild = new("torch._utils", "_rebuild_tensor_v2"),
        OlderRebuild = new("torch._utils", "_rebuild_tensor");

    /// <summary>Each storage that was referred to, by its key.</summary>
    public Dictionary<string, TorchStorage> Known { get; } = [];

    public override bool Knows(PickleGlobal global) => base.Knows(global) || global == Rebuild
        || global == OlderRebuild || StorageType(global) is not null;

    public override object? Make(PickleGlobal global, object?[] arguments) =>
        global == Rebuild || global == OlderRebuild ? Tensor(arguments)
        : StorageType(global) is null ? base.Make(global, arguments) : null;

    public override object? Refer(object? id)
    {
        if (id is not object?[] parts
            || parts is not ["storage", PickleGlobal global, string key, string, long elements, ..] || elements < 0
            || parts.Length > 5 && parts[5] is not null || StorageType(global) is not { } type)
            return null;
        var storage = new TorchStorage(key, type, elements);
        return Known.TryAdd(key, storage) || Known[key] == storage ? storage : null;
    }

    static TensorType? StorageType(PickleGlobal global) =>
        global.Module == "torch" && Storages.TryGetValue(global.Name, out var type) ? type : null;

    // Every element must be in the storage, and none twice: a tensor is no larger than what the file holds.
    static TorchTensor? Tensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] sizeValues, object?[] strideValues, ..]
            || offset < 0 || sizeValues.Length > MostDimensions || strideValues.Length != sizeValues.Length
            || !sizeValues.Concat(strideValues).All(value => value is long and >= 0)) return null;
        long[] sizes = [.. sizeValues.Cast<long>()], strides = [.. strideValues.Cast<long>()];
        var (elements, last) = ((Int128)1, (Int128)offset);
        for (var i = 0; i < sizes.Length; i++)
        {
            if (elements <= storage.Elements) elements *= sizes[i];
            if (sizes[i] > 0) last += (Int128)(sizes[i] - 1) * strides[i];
        }
        return elements == 0 || elements <= storage.Elements && last < storage.Elements
            ? new(storage, offset, sizes, strides) : null;
    }
}
