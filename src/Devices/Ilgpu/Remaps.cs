using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends.PTX;
using ILGPU.Frontend;
using ILGPU.Frontend.Intrinsic;
using ILGPU.IR.Intrinsics;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Where ILGPU would compile another meaning than C#'s, or nothing, it compiles these methods instead. ILGPU's table of functions is one for the process
/// and not safe for several threads: it is filled once, before the first compilation.
/// </summary>
static class Remaps
{
    const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    static readonly Type[] Floats = [typeof(float), typeof(double)];

    static readonly Type[] Numbers = [typeof(float), typeof(double), typeof(int), typeof(uint), typeof(long), typeof(ulong)];

    /// <summary>
    /// exp, log, tanh and their kind: ILGPU's are the hardware's approximations for float (exp off by 3.7e-6 of its value), and CORDIC for double, where
    /// tanh(400) is NaN, log(1) is not 0, and sin(1e300) never ends.
    /// </summary>
    static readonly string[] Functions = ["Exp", "Exp2", "ExpM1", "Log", "Log2", "Log10", "LogP1", "Tanh", "Sin", "Cos", "Tan", "Atan"];

    /// <summary>Of all contexts.</summary>
    public static void Register()
    {
        foreach (var type in Floats)
        {
            foreach (var name in Functions) Everywhere(type, name, [type], Own(typeof(DeviceMath), name, type));
            Everywhere(type, "Pow", [type, type], Own(typeof(DeviceMath), "Pow", type, type));
            // rcp and rsqrt are approximations too.
            Everywhere(type, "Rcp", [type], Own(typeof(Exactly), "Rcp", type));
            Everywhere(type, "Rsqrt", [type], Own(typeof(Exactly), "Rsqrt", type));
            // ILGPU has none.
            Everywhere(type, "FusedMultiplyAdd", [type, type, type], Own(typeof(PtxMath), "FusedMultiplyAdd", type, type, type));
            // In C# a NaN wins; in PTX it loses, which is MaxNumber.
            foreach (var name in new[] { "Max", "Min" }) Everywhere(type, name, [type, type], Own(typeof(Exactly), name, type, type), but: typeof(XMath));
        }
        foreach (var type in Numbers)
        {
            foreach (var name in new[] { "MaxNumber", "MinNumber", "Clamp" })
            {
                var parameters = Enumerable.Repeat(type, name == "Clamp" ? 3 : 2).ToArray();
                Everywhere(type, name, parameters, Own(typeof(Exactly), name, parameters));
            }
            foreach (var method in type.GetMethods(AnyStatic).Where(method => method.IsGenericMethodDefinition
                && method.Name is "CreateTruncating" or "CreateSaturating" or "CreateChecked"))
                foreach (var source in Numbers) To(method.MakeGenericMethod(source), Own(typeof(Conversions), type.Name, source));
        }
    }

    /// <summary>Of one context.</summary>
    public static void Register(IntrinsicImplementationManager manager)
    {
        foreach (var name in new[] { "Reduce", "AllReduce", "InclusiveScan", "ExclusiveScan" })
        {
            Redirect(typeof(GroupExtensions), typeof(PtxCollectives.OfGroup));
            Redirect(typeof(WarpExtensions), typeof(PtxCollectives.OfWarp));

            void Redirect(Type from, Type to) => manager.RegisterMethod(from.GetMethod(name)!, new PTXIntrinsic(to, name, IntrinsicImplementationMode.Redirect));
        }
    }

    // A function has several names: float.Exp, MathF.Exp, XMath.Exp; a number's own may be an explicit implementation of an interface.
    static void Everywhere(Type type, string name, Type[] parameters, MethodInfo to, Type? but = null)
    {
        foreach (var owner in new[] { type, typeof(Math), typeof(MathF), typeof(XMath), typeof(IntrinsicMath) })
            foreach (var method in owner.GetMethods(AnyStatic))
                if (owner != but && (method.Name == name || method.Name.EndsWith("." + name, StringComparison.Ordinal)) && !method.IsGenericMethodDefinition
                    && method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters))
                    To(method, to);
    }

    static MethodInfo Own(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, parameters) ?? throw new MissingMethodException(type.FullName, $"{name}({string.Join(", ", parameters.Select(one => one.Name))})");

    static void To(MethodInfo from, MethodInfo to) => RemappedIntrinsics.AddRemapping(from, (ref InvocationContext call) => call.Method = to);
}
