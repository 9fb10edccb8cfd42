namespace LdNetGpu.Model.Checkpoints;

/// <summary>Element types of the safetensors format; the names are the format's.</summary>
public enum TensorType
{
    /// <summary>A byte, 0 or 1.</summary>
    BOOL,

    /// <summary>8 bits without sign.</summary>
    U8,

    /// <summary>8 bits with sign.</summary>
    I8,

    /// <summary>16 bits without sign.</summary>
    U16,

    /// <summary>16 bits with sign.</summary>
    I16,

    /// <summary>IEEE 754 half precision: 10 bits behind the point.</summary>
    F16,

    /// <summary>The upper half of a float: 7 bits behind the point.</summary>
    BF16,

    /// <summary>32 bits without sign.</summary>
    U32,

    /// <summary>32 bits with sign.</summary>
    I32,

    /// <summary>A float.</summary>
    F32,

    /// <summary>64 bits without sign.</summary>
    U64,

    /// <summary>64 bits with sign.</summary>
    I64,

    /// <summary>A double.</summary>
    F64,
}

/// <summary>Sizes and .NET types of <see cref="TensorType"/>.</summary>
static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.BOOL or TensorType.U8 or TensorType.I8 => 1,
        TensorType.U16 or TensorType.I16 or TensorType.F16 or TensorType.BF16 => 2,
        TensorType.U32 or TensorType.I32 or TensorType.F32 => 4,
        _ => 8,
    };

    /// <summary>True for the floating-point types.</summary>
    public static bool IsFloat(this TensorType type) =>
        type is TensorType.F16 or TensorType.BF16 or TensorType.F32 or TensorType.F64;

    /// <summary>The format's type for elements of <typeparamref name="T"/>.</summary>
    public static TensorType Of<T>() where T : unmanaged => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => TensorType.BOOL,
        TypeCode.Byte => TensorType.U8,
        TypeCode.SByte => TensorType.I8,
        TypeCode.UInt16 => TensorType.U16,
        TypeCode.Int16 => TensorType.I16,
        TypeCode.UInt32 => TensorType.U32,
        TypeCode.Int32 => TensorType.I32,
        TypeCode.Single => TensorType.F32,
        TypeCode.UInt64 => TensorType.U64,
        TypeCode.Int64 => TensorType.I64,
        TypeCode.Double => TensorType.F64,
        _ => throw new NotSupportedException($"safetensors has no type for {typeof(T)}."),
    };
}
