using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends.PTX;
using ILGPU.Frontend;
using ILGPU.Frontend.Intrinsic;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using LdNetGpu.Devices.Ilgpu.Rewriting;
using LdNetGpu.Dialect;

using FunctionTable = System.Collections.Generic.Dictionary<
    System.Reflection.MethodBase, ILGPU.Frontend.Intrinsic.RemappedIntrinsics.DeviceFunctionRemapper>;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Where ILGPU would compile another meaning than C#'s, or nothing, it compiles these methods instead. ILGPU's table of
/// functions is one for the process and not safe for several threads: it is filled once, before the first compilation,
/// and works in this project's contexts alone; in others everything stays as ILGPU has it.
/// </summary>
static class Remaps
{
    const string Mark = "LdNetGpu", PtxMark = "LdNetGpu.Ptx";

    const string MadeFor = "1.5.";

    const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    static readonly Dictionary<MethodBase, MethodBase> Replacements = [];

    // For PTX alone: other accelerators load a kernel themselves, from the body that it has.
    static readonly MethodRewriter Rewriter =
        new((from, to) => Redirect(from, to, PtxMark), method => Replacements.GetValueOrDefault(method));

    static FunctionTable table = [];

    static readonly Type[] Floats = [typeof(float), typeof(double)];

    static readonly Type[] Numbers = [.. Floats, .. IntegerConversions.Types];

    /// <summary>Fills the table.</summary>
    public static void Register()
    {
        // Which fills in its own at its first use.
        RuntimeHelpers.RunClassConstructor(typeof(AlgorithmContext).TypeHandle);
        table = TableOf(IlgpuCompiler.Version);
        Atomics();
        Bits();
        foreach (var type in Floats)
        {
            foreach (var function in MathFunction.All)
                if (Owner(function.Ilgpu) is { } owner)
                {
                    var operands = Enumerable.Repeat(type, function.Operands).ToArray();
                    RemapAll(type, function.Name, operands, Own(owner, function.Name, operands));
                }
            // In C# a NaN wins, in ILGPU's own too; in PTX it loses, which is what MaxNumber means.
            foreach (var name in new[] { "Max", "Min" })
                RemapAll(type, name, [type, type], Own(typeof(Exactly), name, type, type), Mark);
        }
        foreach (var type in Numbers)
        {
            // .NET's are branches, and Clamp has an exception; these are an instruction or two.
            foreach (var name in new[] { "MaxNumber", "MinNumber", "Clamp" })
            {
                var parameters = Enumerable.Repeat(type, name == "Clamp" ? 3 : 2).ToArray();
                if (Exact(typeof(Exactly), name, parameters) is { } own)
                    RemapAll(type, name, parameters, own, Mark);
            }
            // .NET asks what type it converts from, which ILGPU cannot.
            foreach (var method in type.GetMethods(AnyStatic).Where(method => method.IsGenericMethodDefinition
                && method.Name is "CreateTruncating" or "CreateSaturating" or "CreateChecked"))
                foreach (var source in Numbers)
                    To(method.MakeGenericMethod(source),
                        IntegerConversions.Of(source, type, saturates: method.Name == "CreateSaturating"));
        }
    }

    // .NET's read the number's memory as another type.
    static void Bits()
    {
        To(Own(typeof(BitConverter), nameof(BitConverter.SingleToUInt32Bits), typeof(float)),
            Own(typeof(Interop), "FloatAsInt", typeof(float)));
        To(Own(typeof(BitConverter), nameof(BitConverter.DoubleToUInt64Bits), typeof(double)),
            Own(typeof(Interop), "FloatAsInt", typeof(double)));
        To(Own(typeof(BitConverter), nameof(BitConverter.UInt32BitsToSingle), typeof(uint)),
            Own(typeof(Interop), "IntAsFloat", typeof(uint)));
        To(Own(typeof(BitConverter), nameof(BitConverter.UInt64BitsToDouble), typeof(ulong)),
            Own(typeof(Interop), "IntAsFloat", typeof(ulong)));
    }

    /// <summary>Whose function stands for ILGPU's; null where its own stays.</summary>
    internal static Type? Owner(IlgpuFunction function) => function switch
    {
        IlgpuFunction.DeviceMath => typeof(DeviceMath),
        IlgpuFunction.PtxMath => typeof(PtxMath),
        IlgpuFunction.Exactly => typeof(Exactly),
        _ => null,
    };

    // The dialect's ask what type they are of.
    static void Atomics()
    {
        foreach (var type in new[] { typeof(float), typeof(double), typeof(int) })
            foreach (var name in new[] { "Add", "Max", "Min" })
                To(typeof(AtomicOf).GetMethod(name)!.MakeGenericMethod(type),
                    Own(typeof(Atomic), name, type.MakeByRefType(), type));
    }

    /// <summary>Has those work in a context that say what ILGPU cannot see for itself.</summary>
    public static void Use(Context.Builder builder) => builder.SetExtensionProperty(Mark, true);

    /// <summary>
    /// Has every function work in a context for ILGPU's CPU accelerator, which compiles a kernel to look at it alone:
    /// what runs is .NET's code.
    /// </summary>
    public static void UseForCpu(Context.Builder builder)
    {
        Use(builder);
        builder.SetExtensionProperty(PtxMark, true);
    }

    /// <summary>Has all of them work in a context for PTX.</summary>
    public static void UseForPtx(Context.Builder builder)
    {
        UseForCpu(builder);
        var manager = builder.GetIntrinsicManager();
        Remainders(BasicValueType.Float32, nameof(Remainder.OfSingles));
        Remainders(BasicValueType.Float64, nameof(Remainder.OfDoubles));

        void Remainders(BasicValueType type, string name) => manager.RegisterBinaryArithmetic(
            BinaryArithmeticKind.Rem, type,
            new PTXIntrinsic(typeof(Remainder), name, IntrinsicImplementationMode.Redirect));

        foreach (var name in new[] { "Reduce", "AllReduce", "InclusiveScan", "ExclusiveScan" })
        {
            Redirect(typeof(GroupExtensions), typeof(PtxCollectives.OfGroup));
            Redirect(typeof(WarpExtensions), typeof(PtxCollectives.OfWarp));

            void Redirect(Type from, Type to) =>
                manager.RegisterMethod(from.GetMethod(name)!,
                    new PTXIntrinsic(to, name, IntrinsicImplementationMode.Redirect));
        }
    }

    // A function has several names: float.Exp, MathF.Exp, XMath.Exp; a number's own may be an explicit implementation
    // of an interface.
    static void RemapAll(Type type, string name, Type[] parameters, MethodInfo to, string mark = PtxMark)
    {
        foreach (var owner in new[] { type, typeof(Math), typeof(MathF), typeof(XMath), typeof(IntrinsicMath) })
            In(owner, name, parameters, to, mark);
    }

    static void In(Type owner, string name, Type[] parameters, MethodInfo to, string mark = PtxMark)
    {
        foreach (var method in owner.GetMethods(AnyStatic))
            if ((method.Name == name || method.Name.EndsWith("." + name, StringComparison.Ordinal))
                && !method.IsGenericMethodDefinition
                && method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters))
                To(method, to, mark);
    }

    /// <summary>The method of just these parameters; null where there is none.</summary>
    internal static MethodInfo? Exact(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, AnyStatic | BindingFlags.ExactBinding, parameters);

    static MethodInfo Own(Type type, string name, params Type[] parameters) =>
        Exact(type, name, parameters)
            ?? throw new MissingMethodException(type.FullName,
                $"{name}({string.Join(", ", parameters.Select(one => one.Name))})");

    static void To(MethodInfo from, MethodInfo to, string mark = Mark)
    {
        Replacements[from] = to;
        Redirect(from, Rewriter.Kernel(to), mark);
    }

    /// <summary>A kernel as ILGPU is to read it for PTX; so is all that it calls from then on.</summary>
    public static MethodInfo Rewritten(MethodInfo kernel) => Rewriter.Kernel(kernel);

    static void Redirect(MethodBase from, MethodBase to, string mark)
    {
        var before = table.GetValueOrDefault(from);
        table[from] = (ref InvocationContext call) =>
        {
            // Exactly is written with the functions that it stands for.
            var isWithin = call.CallerMethod.DeclaringType == typeof(Exactly) && to.DeclaringType == typeof(Exactly);
            if (call.Properties.GetExtensionProperty(mark, false) && !isWithin) call.Method = to;
            else before?.Invoke(ref call);
        };
    }

    /// <summary>What ILGPU has mapped already, which it shows no one.</summary>
    /// <exception cref="UserException">Another ILGPU than the one that this is made for.</exception>
    internal static FunctionTable TableOf(string version) =>
        version.StartsWith(MadeFor, StringComparison.Ordinal)
        && typeof(RemappedIntrinsics).GetField("FunctionRemappers",
            BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null) is FunctionTable found
            ? found
            : throw new UserException(
                $"ILGPU {version} is loaded, and LdNetGpu is made for {MadeFor}*: use that version of the packages "
                + "ILGPU and ILGPU.Algorithms.");
}
