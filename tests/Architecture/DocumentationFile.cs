using System.Reflection;
using System.Xml.Linq;

namespace LdNetGpu.Tests;

/// <summary>The comments of a library, as its build wrote them beside the assembly.</summary>
sealed class DocumentationFile
{
    readonly Dictionary<string, XElement> members;

    /// <summary>The comments of an assembly.</summary>
    public DocumentationFile(Assembly library)
    {
        var file = XDocument.Load(Path.ChangeExtension(library.Location, ".xml"));
        members = file.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    /// <summary>The comment of a type, method, constructor or indexer; null where there is none.</summary>
    public XElement? Of(MemberInfo member) => members.GetValueOrDefault(IdOf(member));

    /// <summary>How a file of comments names a member: C#'s specification, "ID string format".</summary>
    public static string IdOf(MemberInfo member) => member switch
    {
        Type type => $"T:{Declared(type)}",
        PropertyInfo property => $"P:{Declared(property.DeclaringType!)}.{property.Name}"
            + Arguments(property.GetIndexParameters()),
        ConstructorInfo constructor => $"M:{Declared(constructor.DeclaringType!)}.#ctor"
            + Arguments(constructor.GetParameters()),
        MethodInfo method => $"M:{Declared(method.DeclaringType!)}.{method.Name}"
            + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")
            + Arguments(method.GetParameters())
            + (method.Name is "op_Implicit" or "op_Explicit" ? $"~{Used(method.ReturnType)}" : ""),
        _ => throw new ArgumentException($"{member}: a {member.MemberType} has no parameters.", nameof(member)),
    };

    static string Arguments(ParameterInfo[] parameters) => parameters.Length == 0
        ? "" : $"({string.Join(',', parameters.Select(parameter => Used(parameter.ParameterType)))})";

    // Where it is declared: List`1.
    static string Declared(Type type) => type.IsNested
        ? $"{Declared(type.DeclaringType!)}.{type.Name}" : $"{type.Namespace}.{type.Name}";

    // Where it is used: List{System.Int32}, List{`0} of the type's own parameter, List{``0} of the method's.
    static string Used(Type type)
    {
        if (type.IsByRef) return $"{Used(type.GetElementType()!)}@";
        if (type.IsPointer) return $"{Used(type.GetElementType()!)}*";
        if (type.IsArray) return $"{Used(type.GetElementType()!)}[]";
        if (type.IsGenericMethodParameter) return $"``{type.GenericParameterPosition}";
        if (type.IsGenericTypeParameter) return $"`{type.GenericParameterPosition}";
        return type.IsGenericType
            ? $"{Declared(type).Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(Used))}}}"
            : Declared(type);
    }
}
