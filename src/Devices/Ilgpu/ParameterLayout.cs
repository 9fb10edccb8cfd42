using System.Reflection;
using ILGPU;
using ILGPU.IR.Types;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// The bytes of a kernel's parameter as ILGPU's PTX reads them. .NET lays tuples out as it likes, the larger fields
/// first, and ILGPU takes their fields in that order; those of other structs it takes in the order of their
/// declaration. A bool has four bytes, a struct without fields one.
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

    /// <summary>Refuses a kernel's parameter with a view whose elements ILGPU counts with other sizes.</summary>
    /// <exception cref="NotSupportedException">There is a bool or char in an element.</exception>
    public static void RefuseBoolInView(Type type)
    {
        if (IsView(type) && type.GetGenericArguments()[0] is var element && BoolIn(element) is { } found)
            throw new NotSupportedException($"ILGPU would read the elements of ArrayView<{element}> wrong, for a "
                + $"{found.Name} has another size there than in memory. Use "
                + $"{(found == typeof(bool) ? "byte" : "ushort")} instead.");
        if (!IsStruct(type)) return;
        foreach (var field in LaunchFields.Of(type)) RefuseBoolInView(field.FieldType);
    }

    static Type? BoolIn(Type type) => type == typeof(bool) || type == typeof(char) ? type
        : !IsStruct(type) ? null
        : LaunchFields.Of(type).Select(field => BoolIn(field.FieldType)).FirstOrDefault(found => found is not null);

    static ParameterLayout Of(Type type, int ofBool) => IsView(type) ? new(16, 8, [(0, 16)])
        : IsNumber(type) ? OfNumber(SizeOf(type, ofBool)) : OfStruct(type, ofBool);

    static ParameterLayout OfNumber(int size) => new(size, size, [(0, size)]);

    static ParameterLayout OfStruct(Type type, int ofBool)
    {
        if (Types.GetTypeInfo(type).NumFields == 0) return new(1, 1, []);
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
    /// Bytes that .NET puts behind the fields and their alignment, which it does in tuples of structs.
    /// </summary>
    static int PaddingOf(Type type) => Math.Max(0, Types.GetTypeInfo(type).Size - Of(type, BoolInDotNet).Size);

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
