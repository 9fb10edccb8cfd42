using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Targets;

/// <summary>CUDA C++ as NVRTC and clang take it.</summary>
sealed class CudaTarget : Target
{
    public override string Function => "static __device__ ";
    public override string Entry => "extern \"C\" __global__ void ";
    public override string LongSuffix => "ll";
    public override bool SharedBelongsToEntry => false;

    public override string Number(SpecialType type) => type switch
    {
        SpecialType.System_Boolean => "bool",
        SpecialType.System_SByte => "signed char",
        SpecialType.System_Byte => "unsigned char",
        SpecialType.System_Int16 => "short",
        SpecialType.System_UInt16 => "unsigned short",
        SpecialType.System_Int32 => "int",
        SpecialType.System_UInt32 => "unsigned int",
        SpecialType.System_Int64 => "long long",
        SpecialType.System_UInt64 => "unsigned long long",
        SpecialType.System_Single => "float",
        _ => "double",
    };

    public override char Distinguish(char space) => space == Space.ReadOnly ? space : Space.Generic;

    public override string Pointer(string element, char space) =>
        $"{(space == Space.ReadOnly ? "const " : "")}{element}*";

    public override string SharedArray(string element, string name, string length) =>
        $"__shared__ __align__(16) {element} {name}[{length}];";

    public override string ViewParameters(string element, string name, ViewAccess access) =>
        $"{(access == ViewAccess.ReadWrite ? "" : "const ")}{element}* "
        + $"{(access >= ViewAccess.ReadUnaliased ? "__restrict__ " : "")}{name}, "
        + $"long long {name}_length";

    public override string ViewSetup(string name) => "";

    public override string Overload(string name, string type) => name;

    public override string Overload(string name, string type, char space) => name;
}
