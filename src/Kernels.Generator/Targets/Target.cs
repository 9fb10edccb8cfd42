using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Targets;

/// <summary>All in which the target languages differ.</summary>
abstract class Target
{
    /// <summary>Before a device function's result type.</summary>
    public abstract string Function { get; }

    /// <summary>Before an entry point's name.</summary>
    public abstract string Entry { get; }

    /// <summary>C's name of a number's type.</summary>
    public abstract string Number(SpecialType type);

    /// <summary>What follows the digits of a 64-bit integer.</summary>
    public abstract string LongSuffix { get; }

    /// <summary>The memory that a pointer's type must name; <see cref="Space.Generic"/> where none.</summary>
    public abstract char Distinguish(char space);

    /// <summary>A pointer to elements of this type in that memory.</summary>
    public abstract string Pointer(string element, char space);

    /// <summary>Whether shared arrays are declared by the entry point and handed down.</summary>
    public abstract bool SharedBelongsToEntry { get; }

    public abstract string SharedArray(string element, string name, string length);

    /// <summary>The parameters by which a view reaches an entry point.</summary>
    public abstract string ViewParameters(string element, string name, ViewAccess access);

    /// <summary>What an entry point does with them first; empty for nothing.</summary>
    public abstract string ViewSetup(string name);

    /// <summary>A function of the prelude that exists for several types.</summary>
    public abstract string Overload(string name, string type);

    /// <summary>A function of the prelude that exists for several types and memories.</summary>
    public abstract string Overload(string name, string type, char space);
}
