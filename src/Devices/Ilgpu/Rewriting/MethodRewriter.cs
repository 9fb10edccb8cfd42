using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Algorithms;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>
/// The methods that a kernel's compilation comes by, each as ILGPU is to read it. Several threads may ask.
/// </summary>
/// <param name="redirect">Told of each method that ILGPU is to read otherwise, once.</param>
/// <param name="stands">What stands for a method already, if anything does.</param>
sealed class MethodRewriter(Action<MethodBase, MethodBase> redirect, Func<MethodBase, MethodBase?> stands)
{
    static readonly Assembly[] OfIlgpu = [typeof(Context).Assembly, typeof(XMath).Assembly];

    readonly Dictionary<MethodBase, MethodBase> read = [];
    readonly Lock gate = new();

    /// <summary>A kernel, with all that it calls known.</summary>
    public MethodInfo Kernel(MethodInfo kernel)
    {
        foreach (var parameter in kernel.GetParameters()) ParameterLayout.RefuseBoolInView(parameter.ParameterType);
        lock (gate)
        {
            var left = new Stack<MethodBase>([kernel]);
            while (left.TryPop(out var method))
            {
                if (read.ContainsKey(method)) continue;
                var called = stands(method) is { } other ? [other] : Read(method);
                foreach (var next in called.Where(IsCompiledAsFound)) left.Push(next);
            }
            return (MethodInfo)read[kernel];
        }
    }

    /// <summary>Notes how the method is to be read.</summary>
    /// <returns>What it calls.</returns>
    IEnumerable<MethodBase> Read(MethodBase method)
    {
        var body = method.GetMethodBody();
        foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(body?.LocalVariables.Select(variable => variable.LocalType) ?? []))
            ParameterLayout.RefusePaddedInside(type);
        read[method] = method;
        if (body is null) return [];
        var instructions = Cil.Read(body.GetILAsByteArray());
        // What catches exceptions ILGPU refuses, in its own words.
        if (body.ExceptionHandlingClauses.Count == 0 && BodyRewriter.Of(method, instructions) is { } rewritten)
        {
            read[method] = new RewrittenMethod(method, rewritten);
            redirect(method, read[method]);
        }
        return Called(method, instructions);
    }

    /// <summary>What a method of this body calls, the type's own methods where it calls an interface's.</summary>
    public static IEnumerable<MethodBase> Called(MethodBase method, IReadOnlyList<CilInstruction> instructions)
    {
        var (ofType, ofMethod) = method.GenericArguments();
        Type? constraint = null;
        foreach (var instruction in instructions)
        {
            if (instruction.Code == OpCodes.Constrained)
                constraint = method.Module.ResolveType(instruction.Token, ofType, ofMethod);
            if (instruction.Code.OperandType != OperandType.InlineMethod) continue;
            var called = method.Module.ResolveMethod(instruction.Token, ofType, ofMethod)!;
            yield return constraint is { } type && called is MethodInfo { IsVirtual: true } member
                ? Implementation(type, member) : called;
            constraint = null;
        }
    }

    /// <summary>The type's method for an interface's.</summary>
    static MethodBase Implementation(Type type, MethodInfo member)
    {
        if (member.DeclaringType is not { IsInterface: true } contract || type.IsInterface) return member;
        var map = type.GetInterfaceMap(contract);
        var wanted = member.IsGenericMethod ? member.GetGenericMethodDefinition() : member;
        var found = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, wanted)];
        return member.IsGenericMethod ? found.MakeGenericMethod(member.GetGenericArguments()) : found;
    }

    // ILGPU's own and .NET's it knows, or has replaced; the operators that .NET's numbers have for generic code, and
    // its functions that are written out (DivRoundUp), it compiles as it finds them.
    public static bool IsCompiledAsFound(MethodBase method) =>
        method.DeclaringType is { IsPrimitive: true }
        || method.DeclaringType == typeof(IntrinsicMath) || method.DeclaringType == typeof(XMath)
        || method.Module.Assembly is var assembly && !OfIlgpu.Contains(assembly) && !IlgpuCompiler.IsDotNets(assembly);
}
