using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Diagnostics;

/// <summary>
/// What a kernel cannot be or do. Each message says what was found, why a device cannot, and what to write instead; the
/// IDs never change.
/// </summary>
static class Unsupported
{
    public static readonly DiagnosticDescriptor KernelShape = Error("LDK001", "Kernel of the wrong form",
        "Kernel '{0}' {1}: a kernel is a static method that returns nothing, in static partial classes, without type "
        + "parameters on the class. {2}.");

    public static readonly DiagnosticDescriptor KernelParameter =
        Error("LDK002", "Parameter that cannot travel to a device",
        "Parameter '{0}' of type '{1}' cannot be passed to a kernel: launches carry views, numbers, bool, enums, "
        + "SpecializedValue<int>, "
        + "and structs of these by value. {2}.");

    public static readonly DiagnosticDescriptor Instances = Error("LDK003", "Generic kernel without fitting instances",
        "Kernel '{0}': {1}. Name each combination of type arguments: [Instance(typeof(float), typeof(Relu))].");

    public static readonly DiagnosticDescriptor Type = Error("LDK004", "Type that devices do not have",
        "'{0}' is no type of a device: kernels work on numbers, bool, enums, structs of these, views and constant-size "
        + "arrays. {1}.");

    public static readonly DiagnosticDescriptor Exceptions = Error("LDK005", "Exceptions in a kernel",
        "'{0}' in a kernel: devices have no exceptions. Check arguments on the host before the launch; mark a bad "
        + "result by a value.");

    public static readonly DiagnosticDescriptor ForEach = Error("LDK006", "foreach in a kernel",
        "'foreach' in a kernel: devices have no enumerators. Write a 'for' over the indices.");

    public static readonly DiagnosticDescriptor Statement = Error("LDK007", "Statement that devices do not have",
        "'{0}' in a kernel: it has no counterpart on a device. Use if, switch, for, while, do, break, continue and "
        + "return.");

    public static readonly DiagnosticDescriptor Delegates = Error("LDK008", "Function value in a kernel",
        "'{0}' in a kernel: devices have no delegates, lambdas or local functions. "
        + "Call a static method, or pass a struct with a static abstract method as type argument.");

    public static readonly DiagnosticDescriptor Strings = Error("LDK009", "Text in a kernel",
        "'{0}' is text: devices have none. Give the host a number and let it make the text.");

    public static readonly DiagnosticDescriptor Allocation = Error("LDK010", "Object made in a kernel",
        "'{0}' makes an object on the heap: devices have none. "
        + "Use a struct, LocalMemory.Allocate, or a constant-size array as the initial value of a local variable.");

    public static readonly DiagnosticDescriptor Boxing = Error("LDK011", "Boxing in a kernel",
        "The conversion of '{0}' to '{1}' makes an object: devices have no heap. "
        + "Keep the value's own type; take an interface as the constraint of a type parameter.");

    public static readonly DiagnosticDescriptor Call = Error("LDK012", "Call of a method without device code",
        "'{0}' has no counterpart on a device and its source is not in this project. "
        + "Use what docs/reference/dialect.md lists of ILGPU's types (XMath, Atomic, Group, ...), T's own operators "
        + "and functions, or a static method of this project.");

    public static readonly DiagnosticDescriptor Recursion = Error("LDK013", "Recursion in a kernel",
        "'{0}' calls itself: devices have no stack to count on. Write a loop.");

    public static readonly DiagnosticDescriptor MutableStatic = Error("LDK014", "Variable static in a kernel",
        "'{0}' is a static that is no constant: a device does not see the host's variables. "
        + "Make it const or 'static readonly' with a value, or pass it as a parameter.");

    public static readonly DiagnosticDescriptor DynamicSize =
        Error("LDK015", "Memory of a size unknown to the compiler",
        "The size '{0}' is no constant: a device's compiler must know it. Use a const or a SpecializedValue<int> "
        + "parameter, or SharedMemory.GetDynamic.");

    public static readonly DiagnosticDescriptor AddressSpace = Error("LDK016", "View of two kinds of memory",
        "'{0}' is given a view of {1} memory here and of {2} memory elsewhere: OpenCL needs one kind. Use two "
        + "variables, or copy the elements.");

    public static readonly DiagnosticDescriptor ViewResult = Error("LDK017", "Function that returns a view",
        "'{0}' returns a view. Call SubView where the view is used, or return the index.");

    public static readonly DiagnosticDescriptor ConditionalCollective =
        Error("LDK018", "Collective that not every lane reaches",
        "'{0}' stands in a part of an expression or loop header that is not always evaluated, or not once: "
        + "all lanes must come to it together. Give it a statement of its own.");

    public static readonly DiagnosticDescriptor CollectiveByReference =
        Error("LDK019", "Collective function with ref parameters",
        "'{0}' takes '{1}' by reference and contains a barrier or collective. Pass a view, or return the value.");

    public static readonly DiagnosticDescriptor CollectiveInExtent =
        Error("LDK020", "Collective in a kernel over an extent",
        "'{0}' in a kernel whose first parameter is an index: lanes outside the extent have left, so not every lane "
        + "comes to it. "
        + "Drop the index parameter, use Grid and Group, and launch with a LaunchConfig.");

    public static readonly DiagnosticDescriptor CollectiveOrder = Error("LDK021", "Collective among other accesses",
        "The statement reads or changes '{0}' beside a collective: whether before or after it is left open. Give the "
        + "collective a statement of its own.");

    public static readonly DiagnosticDescriptor Asm = Error("LDK022", "PTX that is no constant",
        "The instruction must be a constant string whose operands are %0 to %{0}.");

    public static readonly DiagnosticDescriptor Expression = Error("LDK023", "Expression that devices do not have",
        "'{0}' in a kernel: this kind of expression has no counterpart on a device. "
        + "Write it with arithmetic, comparisons, ?:, switch expressions, tuples and calls of static methods.");

    public static readonly DiagnosticDescriptor Pattern = Error("LDK024", "Pattern that devices do not have",
        "The pattern '{0}': kernels match constants, comparisons, 'and', 'or', 'not' and discards. Write a condition.");

    public static readonly DiagnosticDescriptor StructMembers = Error("LDK025", "Struct whose fields are hidden",
        "Struct '{0}' cannot be taken apart: {1}. Declare a positional record struct, or fields that are not private.");

    public static readonly DiagnosticDescriptor ReferenceTarget =
        Error("LDK026", "Reference to something without an address",
        "'{0}' cannot be taken by reference on a device. Use an element of a view, a local variable or a ref "
        + "parameter.");

    public static readonly DiagnosticDescriptor PendingGroups = Error("LDK027", "Number of copies that is no constant",
        "'{0}': how many groups of asynchronous copies may still run is part of the instruction. Write a constant.");

    public static readonly DiagnosticDescriptor WrittenNoAlias =
        Error("LDK028", "View marked [NoAlias] that is written",
        "'{0}' is marked [NoAlias] and the kernel writes through it, or lets it take turns with another view: the "
        + "promise is of what is read alone. "
        + "Drop the attribute, or write to another view.");

    public static readonly DiagnosticDescriptor Unchecked = Error("LDK029", "Member that cannot be checked",
        "'{0}' reaches memory or other lanes, and is {1}: the managed device could not check what it does there. {2}.");

    public static readonly DiagnosticDescriptor Hidden =
        Error("LDK030", "Private member of another type in checked code",
        "'{0}' is private to '{1}': the checked body of '{2}' stands in the kernel's class and cannot see it. Make it "
        + "internal.");

    public static readonly DiagnosticDescriptor Order =
        Error("LDK031", "Order of evaluation in a part that is not always evaluated",
        "'{0}' is read or changed beside something that changes it, in a part of an expression or loop header that is "
        + "not always evaluated: "
        + "C# goes from left to right, C in any order. Give the change a statement of its own.");

    public static readonly DiagnosticDescriptor IlgpuCompatibility =
        new("LDK032", "Construct that only one of the two compilers takes",
        "'{0}': the generated texts have it, and ILGPU's compiler does not: {1}. {2}.", "Kernels",
        DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help("LDK032"));

    public static readonly DiagnosticDescriptor Layout = Error("LDK033", "Struct of a layout that devices do not have",
        "Struct '{0}' has {1}: the texts lay its fields out one after another, each where its own alignment wants it, "
        + "and would find other bytes there. "
        + "Declare a struct without it, with a field for each value and for each gap.");

    public static readonly DiagnosticDescriptor Deconstruct = Error("LDK034", "Deconstruct of one's own in a kernel",
        "'{0}' is taken apart by a Deconstruct method of its own: kernels take apart tuples and positional records. "
        + "Call the method, with 'out var' arguments, or read the members one by one.");

    public static readonly DiagnosticDescriptor SectionVariable =
        Error("LDK035", "View or reference that sections of a switch share",
        "'{0}' is declared in one section of a switch and used in another, and is a view, a reference or an array. "
        + "Declare it before the switch.");

    public static readonly DiagnosticDescriptor Member = Error("LDK036", "Member of a kind that kernels cannot call",
        "'{0}' is {1}, which kernels cannot call. {2}.");

    public static readonly DiagnosticDescriptor AdjointForm =
        Error("LDK037", "Differentiable kernel of a form that has no adjoint", "{0} has no adjoint: {1}. {2}.");

    public static readonly DiagnosticDescriptor AdjointState =
        Error("LDK038", "State that the adjoint would need is overwritten", "'{0}' has no adjoint: {1}. {2}.");

    public static readonly DiagnosticDescriptor AdjointFlow =
        Error("LDK039", "Control flow that cannot be run backwards", "'{0}' has no adjoint: {1}. {2}.");

    public static readonly DiagnosticDescriptor AdjointSharing =
        Error("LDK040", "Lanes that meet at an element", "'{0}' has no adjoint: {1}. {2}.");

    public static readonly DiagnosticDescriptor Tunable = Error("LDK041", "Tunable parameter that cannot be tuned",
        "'{0}' is marked [Tunable] and {1}. {2}.");

    public static readonly DiagnosticDescriptor TunableWhere =
        Error("LDK042", "Restriction of tunable values that does not fit",
        "The [TunableWhere] of '{0}' says nothing: {1}. "
        + "Name a static method of the kernel's class that takes an int for each [Tunable] parameter and returns a "
        + "bool.");

    public static IReadOnlyDictionary<string, DiagnosticDescriptor> ById { get; } = new[]
    {
        KernelShape, KernelParameter, Instances, Type, Exceptions, ForEach, Statement, Delegates, Strings, Allocation,
        Boxing, Call,
        Recursion, MutableStatic, DynamicSize, AddressSpace, ViewResult, ConditionalCollective, CollectiveByReference,
        CollectiveInExtent,
        CollectiveOrder, Asm, Expression, Pattern, StructMembers, ReferenceTarget, PendingGroups, WrittenNoAlias,
        Unchecked, Hidden, Order, IlgpuCompatibility, Layout, Deconstruct, SectionVariable, Member,
        AdjointForm, AdjointState, AdjointFlow, AdjointSharing,
        Tunable, TunableWhere,
    }.ToDictionary(descriptor => descriptor.Id);

    /// <summary>A type that devices do not have, and what to use instead.</summary>
    public static UnsupportedException NoType(ITypeSymbol type, SyntaxNode where) => new(Type, where,
        type.ToDisplayString(), type.SpecialType switch
        {
            SpecialType.System_Char => "Use ushort, which has the same values",
            SpecialType.System_IntPtr => "Use long",
            SpecialType.System_UIntPtr => "Use ulong",
            _ => "Use a struct or a view",
        });

    static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Kernels", DiagnosticSeverity.Error, isEnabledByDefault: true,
            helpLinkUri: Help(id));

    /// <summary>From the repository's root: where a copy of the documentation lies is not known here.</summary>
    static string Help(string id) => $"docs/reference/diagnostics.md#{id.ToLowerInvariant()}";
}
