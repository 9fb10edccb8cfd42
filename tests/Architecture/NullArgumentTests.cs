using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>
/// Every public constructor and method of the libraries, each of its reference parameters that takes no null given
/// one: an <see cref="ArgumentNullException"/> that names it, before anything of the object or of the other arguments
/// is looked at. That is why those may be blank objects that no constructor has seen, and a GPU's device can be called
/// where there is no GPU.
/// </summary>
public class NullArgumentTests
{
    /// <summary>What keeps what it is given without a look, and why that is right.</summary>
    static readonly Dictionary<string, string> Unchecked = new()
    {
        ["MemoryHolder"] = Result,
        ["ComparedResults"] = Result,
        ["ImplementationCounts"] = Result,
        ["UlpHistogram"] = Result,
        ["ProfiledLaunch"] = Result,
        ["ProfiledKernel"] = Result,
        ["ProfiledLine"] = Result,
        ["CudaDeviceInfo"] = Result,
        ["OpenClDeviceInfo"] = Result,
        ["CrfPath"] = Result,
        ["GradientCheckWorst"] = Result,
        ["GradientCheckPart"] = Result,
        ["GradientCheckReport"] = Result,
        ["DualCheckReport"] = Result,
        ["DirectionalDerivative"] = Result,
        ["StackOutput"] = Result,
        ["StoredTensor"] = Result,
        ["PartFlops"] = Result,
        ["TaggerReading"] = Result,
        ["WorkProgress"] = Result,
        ["SpanReport"] = Result,
        ["UnknownTags"] = Result,
        ["DirectionResult"] = Result,
        ["ConvertedTags"] = Result,
        ["DataReport"] = Result,
        ["DataDefect"] = Result,
        ["DataExample"] = Result,
        ["TaggedSentence"] = Result,
        ["TaggedReading"] = Result,
        ["EmbeddingFileReport"] = Result,
        ["LanguageModelConfig"] = "read from config.json, whose reader names what the file lacks",
        ["RequirementMessage"] = "called by the compiler alone, with the literals of a message",
        ["SourceSite"] = Generated,
        ["KernelParameter"] = Generated,
        ["GridPosition"] = Generated,
        ["GroupPosition"] = Generated,
        ["WarpPosition"] = Generated,
    };

    const string Result = "a record that the library makes and a program reads";
    const string Generated = "made by generated code alone, whose arguments are constants or the lane at hand";

    static readonly Assembly[] Libraries =
    [
        typeof(ComputeDevice).Assembly, typeof(CpuBackend<>).Assembly, typeof(Tensor).Assembly,
        typeof(Model.TaggerBatch).Assembly, typeof(Train.WorkProgress).Assembly, typeof(GradientAssert).Assembly,
    ];

    [Fact]
    public void NullIsRefusedByName()
    {
        var (faults, calls) = (new List<string>(), 0);
        foreach (var type in Libraries.SelectMany(library => library.GetExportedTypes()).Where(IsWalked))
            foreach (var member in Members(Closed(type)))
                foreach (var parameter in member.GetParameters().Where(TakesNoNull))
                {
                    calls++;
                    var thrown = Call(member, parameter);
                    if (thrown is ArgumentNullException refusal && refusal.ParamName == parameter.Name) continue;
                    faults.Add($"{type.Name}.{member.Name}: {parameter.Name} = null: "
                        + (thrown is null ? "nothing" : $"{thrown.GetType().Name}, {thrown.Message}"));
                }
        Assert.True(faults.Count == 0, string.Join('\n', faults.Prepend($"{faults.Count} of {calls}:")));
        Assert.True(calls >= 300, $"only {calls} parameters were tried.");
    }

    /// <summary>The same of what options and other records are made of, by <c>with</c> too.</summary>
    [Fact]
    public void NullInOptionsIsRefusedByName()
    {
        var (faults, sets) = (new List<string>(), 0);
        foreach (var type in Libraries.SelectMany(library => library.GetExportedTypes()).Where(HasParts))
            foreach (var property in Closed(type).GetProperties().Where(TakesNoNull))
            {
                sets++;
                var thrown = Call(property.SetMethod!, property.SetMethod!.GetParameters()[0]);
                if (thrown is ArgumentNullException refusal && refusal.ParamName == property.Name) continue;
                faults.Add($"{type.Name}.{property.Name} = null: "
                    + (thrown is null ? "nothing" : $"{thrown.GetType().Name}, {thrown.Message}"));
            }
        Assert.True(faults.Count == 0, string.Join('\n', faults.Prepend($"{faults.Count} of {sets}:")));
        Assert.True(sets >= 40, $"only {sets} properties were tried.");
    }

    // Settings are held against their ranges by what takes them, which names all that are wrong at once.
    static bool HasParts(Type type) => IsWalked(type) && type.GetMethod("<Clone>$") is not null
        && !type.IsAssignableTo(typeof(ISettings)) && !type.IsAbstract;

    static bool TakesNoNull(PropertyInfo property) =>
        property.SetMethod is { IsPublic: true } && !property.PropertyType.IsValueType
        && !property.PropertyType.IsAssignableTo(typeof(ISettings))
        && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.NotNull;

    [Fact]
    public void WhatIsUncheckedExists()
    {
        var names = Libraries.SelectMany(library => library.GetExportedTypes())
            .Select(type => type.Name.Split('`')[0]).ToHashSet();
        Assert.Subset(names, Unchecked.Keys.ToHashSet());
    }

    // An exception takes null for its message as System.Exception does, and attributes are written in source.
    static bool IsWalked(Type type) =>
        !type.IsInterface && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Attribute))
        && !type.IsAssignableTo(typeof(Delegate)) && !Unchecked.ContainsKey(type.Name.Split('`')[0]);

    // Accessors are left out: they take a value, not an argument.
    static IEnumerable<MethodBase> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        var constructors = type.IsAbstract ? [] : type.GetConstructors();
        var methods = type.GetMethods(Own)
            .Where(method => !method.IsAbstract
                && !(method.IsSpecialName && (method.Name.StartsWith("get_") || method.Name.StartsWith("set_")))
                && method.GetParameters().Any(TakesNoNull));
        return [.. constructors, .. methods.Select(Closed)];
    }

    static bool TakesNoNull(ParameterInfo parameter) =>
        parameter.ParameterType is
            { IsValueType: false, IsGenericParameter: false, IsByRef: false, IsPointer: false }
        && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    static Type Closed(Type type) =>
        type.IsGenericTypeDefinition ? type.MakeGenericType(Elements(type.GetGenericArguments())) : type;

    static MethodInfo Closed(MethodInfo method) => method.IsGenericMethodDefinition
        ? method.MakeGenericMethod(Elements(method.GetGenericArguments())) : method;

    static Type[] Elements(Type[] parameters) => Array.ConvertAll(parameters, _ => typeof(float));

    static Exception? Call(MethodBase member, ParameterInfo withNull)
    {
        var parameters = member.GetParameters();
        object?[] arguments = [.. parameters.Select(parameter =>
            parameter.Position == withNull.Position ? null : Sample(parameter.ParameterType))];
        var target = member.IsStatic || member.IsConstructor ? null : Sample(member.DeclaringType!);
        try
        {
            Caller(member, parameters)(target, arguments);
            return null;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    static object? Sample(Type type)
    {
        if (type.IsByRefLike || type.IsPointer || type.IsByRef) return null;
        if (type == typeof(string)) return "x";
        if (type == typeof(Type)) return typeof(float);
        if (type.IsArray) return Array.CreateInstance(type.GetElementType()!, 0);
        if (type.IsAssignableTo(typeof(Delegate))) return NeverCalled(type);
        if (!type.IsAbstract) return Blank(type);
        if (type.IsConstructedGenericType
            && type.GetGenericArguments()[0].MakeArrayType() is var list && list.IsAssignableTo(type))
            return Sample(list);
        // What is for a program to implement, the program does.
        var some = Libraries.Append(type.Assembly).Append(typeof(Cli.ExitCode).Assembly)
            .Append(typeof(NullArgumentTests).Assembly).SelectMany(library => library.GetTypes())
            .Where(candidate => candidate is { IsAbstract: false, IsByRefLike: false })
            .Select(candidate => candidate.IsGenericTypeDefinition
                && candidate.GetGenericArguments().Length == type.GetGenericArguments().Length
                && Fits(candidate, type.GetGenericArguments()) ? candidate.MakeGenericType(type.GetGenericArguments())
                : candidate)
            .FirstOrDefault(candidate => !candidate.ContainsGenericParameters && candidate.IsAssignableTo(type));
        return some is null ? null : Blank(some);
    }

    static bool Fits(Type candidate, Type[] arguments)
    {
        try
        {
            candidate.MakeGenericType(arguments);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    sealed class NoKernel : IForwardKernel
    {
        public IReadOnlyList<KernelOperand> Inputs => [];

        public IReadOnlyList<KernelOperand> Outputs => [];

        public void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> { }
    }

    static object Blank(Type type)
    {
        var blank = RuntimeHelpers.GetUninitializedObject(type);
        GC.SuppressFinalize(blank);
        return blank;
    }

    static Delegate NeverCalled(Type type)
    {
        var signature = type.GetMethod("Invoke")!;
        var method = new DynamicMethod("never", signature.ReturnType,
            Array.ConvertAll(signature.GetParameters(), parameter => parameter.ParameterType));
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
        return method.CreateDelegate(type);
    }

    // Reflection's own Invoke takes no spans; here they are empty.
    static Action<object?, object?[]> Caller(MethodBase member, ParameterInfo[] parameters)
    {
        var caller = new DynamicMethod("call", typeof(void), [typeof(object), typeof(object[])],
            typeof(NullArgumentTests).Module, skipVisibility: true);
        var il = caller.GetILGenerator();
        var owner = member.DeclaringType!;
        if (!member.IsStatic && !member.IsConstructor)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(owner.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, owner);
        }
        foreach (var parameter in parameters)
        {
            var type = parameter.ParameterType;
            if (type.IsByRef) il.Emit(OpCodes.Ldloca, il.DeclareLocal(type.GetElementType()!));
            else if (type.IsByRefLike || type.IsPointer) il.Emit(OpCodes.Ldloc, il.DeclareLocal(type));
            else
            {
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Ldc_I4, parameter.Position);
                il.Emit(OpCodes.Ldelem_Ref);
                il.Emit(OpCodes.Unbox_Any, type);
            }
        }
        if (member is ConstructorInfo constructor) il.Emit(OpCodes.Newobj, constructor);
        else il.Emit(owner.IsValueType || member.IsStatic ? OpCodes.Call : OpCodes.Callvirt, (MethodInfo)member);
        if (member is not MethodInfo { ReturnType: var result } || result != typeof(void)) il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ret);
        return caller.CreateDelegate<Action<object?, object?[]>>();
    }
}
