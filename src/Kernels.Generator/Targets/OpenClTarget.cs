using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Targets;

/// <summary>
/// OpenCL C 1.2: pointers name their memory, nothing is overloaded, shared arrays stand in the kernel itself.
/// </summary>
sealed class OpenClTarget : Target
{
    public override string Function => "static ";
    public override string Entry => "__kernel void ";
    public override string LongSuffix => "l";
    public override bool SharedBelongsToEntry => true;

    public override string Number(SpecialType type) => type switch
    {
        SpecialType.System_Boolean => "bool",
        SpecialType.System_SByte => "char",
        SpecialType.System_Byte => "uchar",
        SpecialType.System_Int16 => "short",
        SpecialType.System_UInt16 => "ushort",
        SpecialType.System_Int32 => "int",
        SpecialType.System_UInt32 => "uint",
        SpecialType.System_Int64 => "long",
        SpecialType.System_UInt64 => "ulong",
        SpecialType.System_Single => "float",
        _ => "double",
    };

    public override char Distinguish(char space) => space;

    public override string Pointer(string element, char space) => $"{Qualifier(space)}{element}*";

    public override string SharedArray(string element, string name, string length) =>
        $"__local {element} {name}[{length}];";

    public override string ViewParameters(string element, string name, ViewAccess access) =>
        $"__global {(access == ViewAccess.ReadWrite ? "" : "const ")}{element}* "
        + $"{(access >= ViewAccess.ReadUnaliased ? "restrict " : "")}{name}, "
        + $"long {name}_offset, long {name}_length";

    public override string ViewSetup(string name) => $"{name} += {name}_offset;";

    public override string Overload(string name, string type) => $"{name}_{type}";

    public override string Overload(string name, string type, char space) => $"{name}_{type}_{Space.Name(space)}";

    static string Qualifier(char space) => space switch
    {
        Space.Global => "__global ",
        Space.ReadOnly => "__global const ",
        Space.Shared => "__local ",
        _ => "",
    };
}
