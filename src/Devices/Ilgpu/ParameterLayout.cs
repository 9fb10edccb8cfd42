using System.Reflection;
using ILGPU;
using ILGPU.IR.Types;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// The bytes of a kernel's parameter as ILGPU's PTX reads them. .NET lays tuples out as it likes, the larger fields
/// first, and ILGPU takes their fields in that order; those of other structs it takes in the order of their
/// declaration.
/// </summary>
/// <param name="Size">All bytes, with those at the end that no field has.</param>
/// <param name="Alignment">A multiple of which the first byte is at.</param>
/// <param name="Fields">First byte and bytes of each number and view, in the order of their declaration.</param>
sealed record ParameterLayout(int Size, int Alignment, IReadOnlyList<(int Start, int Size)> Fields)
{
    static readonly TypeInformationManager Types = new();

    /// <exception cref="NotSupportedException">ILGPU takes no struct that is laid out by other attributes.</exception>
    public static ParameterLayout Of(Type type) => IsView(type) ? new(16, 8, [(0, 16)])
        : IsNumber(type) ? OfNumber(SizeOf(type)) : OfStruct(type);

    static ParameterLayout OfNumber(int size) => new(size, size, [(0, size)]);

    static ParameterLayout OfStruct(Type type)
    {
        var known = Types.GetTypeInfo(type);
        var placed = new Dictionary<FieldInfo, (int Start, ParameterLayout Layout)>();
        var (end, alignment) = (0, 1);
        foreach (var field in known.Fields)
        {
            var layout = Of(field.FieldType);
            var start = Aligned(end, layout.Alignment);
            placed.Add(field, (start, layout));
            (end, alignment) = (start + layout.Size, Math.Max(alignment, layout.Alignment));
        }
        return new(Math.Max(Aligned(end, alignment), known.Size), alignment,
            [.. from field in LaunchFields.Of(type)
                let part = placed[field]
                from inner in part.Layout.Fields
                select (part.Start + inner.Start, inner.Size)]);
    }

    static int Aligned(int bytes, int alignment) => (bytes + alignment - 1) / alignment * alignment;

    static int SizeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean or TypeCode.Byte or TypeCode.SByte => 1,
        TypeCode.Int16 or TypeCode.UInt16 => 2,
        TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double => 8,
        _ => 4,
    };

    static bool IsNumber(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(Index1D)
        || type == typeof(SpecializedValue<int>);

    static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);
}
