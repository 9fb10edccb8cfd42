using System.Reflection;
using ILGPU;
using ILGPU.IR.Types;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// The bytes of a kernel's parameter as ILGPU's PTX reads them. .NET lays tuples out as it likes, the larger fields
/// first, and ILGPU takes their fields in that order; those of other structs it takes in the order of their
/// declaration. A bool has four bytes.
/// </summary>
/// <param name="Size">All bytes, with those at the end that no field has.</param>
/// <param name="Alignment">A multiple of which the first byte is at.</param>
/// <param name="Fields">First byte and bytes of each number and view, in the order of their declaration.</param>
sealed record ParameterLayout(int Size, int Alignment, IReadOnlyList<(int Start, int Size)> Fields)
{
    const int BoolInPtx = 4, BoolInDotNet = 1;

    static readonly TypeInformationManager Types = new();

    /// <exception cref="NotSupportedException">ILGPU takes no struct that is laid out by other attributes.</exception>
    public static ParameterLayout Of(Type type) => Of(type, BoolInPtx);

    /// <summary>Refuses what ILGPU reads wrong: it counts the fields of a struct inside without its padding.</summary>
    /// <exception cref="NotSupportedException">.NET makes a struct inside the type larger than its fields.</exception>
    public static void RefusePaddedInside(Type type)
    {
        if (!IsStruct(type)) return;
        foreach (var inner in LaunchFields.Of(type).Select(field => field.FieldType).Where(IsStruct))
        {
            if (PaddingOf(inner) > 0)
                throw new NotSupportedException($"ILGPU would read {type} wrong, for .NET lays {inner} inside it out "
                    + "with padding, as it does with tuples in tuples. Declare a struct for the inner one.");
            RefusePaddedInside(inner);
        }
    }

    static ParameterLayout Of(Type type, int ofBool) => IsView(type) ? new(16, 8, [(0, 16)])
        : IsNumber(type) ? OfNumber(SizeOf(type, ofBool)) : OfStruct(type, ofBool);

    static ParameterLayout OfNumber(int size) => new(size, size, [(0, size)]);

    static ParameterLayout OfStruct(Type type, int ofBool)
    {
        var placed = new Dictionary<FieldInfo, (int Start, ParameterLayout Layout)>();
        var (end, alignment) = (0, 1);
        foreach (var field in Types.GetTypeInfo(type).Fields)
        {
            var layout = Of(field.FieldType, ofBool);
            var start = Aligned(end, layout.Alignment);
            placed.Add(field, (start, layout));
            (end, alignment) = (start + layout.Size, Math.Max(alignment, layout.Alignment));
        }
        var padding = ofBool == BoolInDotNet ? 0 : PaddingOf(type);
        return new(Aligned(end, alignment) + padding, alignment, [.. from field in LaunchFields.Of(type)
            let part = placed[field]
            from inner in part.Layout.Fields
            select (part.Start + inner.Start, inner.Size)]);
    }

    /// <summary>
    /// Bytes that .NET puts behind the fields and their alignment, which it does in tuples of structs. The one byte of
    /// an empty struct is a field to ILGPU.
    /// </summary>
    static int PaddingOf(Type type) => Types.GetTypeInfo(type) is { NumFields: > 0, Size: var size }
        ? Math.Max(0, size - Of(type, BoolInDotNet).Size) : 0;

    static int Aligned(int bytes, int alignment) => (bytes + alignment - 1) / alignment * alignment;

    static int SizeOf(Type type, int ofBool) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => ofBool,
        TypeCode.Byte or TypeCode.SByte => 1,
        TypeCode.Int16 or TypeCode.UInt16 => 2,
        TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double => 8,
        _ => 4,
    };

    static bool IsStruct(Type type) => type is { IsValueType: true, ContainsGenericParameters: false }
        && !IsView(type) && !IsNumber(type);

    static bool IsNumber(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(Index1D)
        || type == typeof(SpecializedValue<int>);

    static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);
}
