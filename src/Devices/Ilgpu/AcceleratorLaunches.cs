using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Kernels loaded by ILGPU itself: a launch's flat arguments are put together again as the C# method takes them.
/// </summary>
sealed class AcceleratorLaunches(Accelerator accelerator)
{
    static readonly MethodInfo OverExtent = Loader(nameof(Accelerator.LoadAutoGroupedKernel)),
        ByGroups = Loader(nameof(Accelerator.LoadKernel));

    static readonly MethodInfo ViewMaker =
        typeof(AcceleratorLaunches).GetMethod(nameof(ViewOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    readonly Dictionary<KernelInstance, Delegate> loaded = [];

    /// <exception cref="UserException">ILGPU does not take the kernel.</exception>
    public void Launch(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        var method = kernel.Source?.Invoke()
            ?? throw new UserException(
                $"{LaunchText.Of(kernel)} is a text without a C# method, which ILGPU would compile.");
        var parameters = method.GetParameters();
        var isOverExtent = parameters is [{ ParameterType: var first }, ..] && IlgpuCompiler.IsIndex(first);
        var values = new List<object> { accelerator.DefaultStream };
        if (!isOverExtent)
            values.Add(new KernelConfig(config.GridDim, config.GroupDim,
                config.DynamicSharedBytes == 0
                    ? default : SharedMemoryConfig.RequestDynamic<byte>(config.DynamicSharedBytes)));
        var next = 0;
        foreach (var parameter in parameters) values.Add(Take(parameter.ParameterType, arguments, ref next));
        Load(kernel, method, isOverExtent).DynamicInvoke([.. values]);
    }

    Delegate Load(KernelInstance kernel, MethodInfo method, bool isOverExtent)
    {
        if (loaded.TryGetValue(kernel, out var known)) return known;
        var types = method.GetParameters().Select(parameter => parameter.ParameterType);
        Type[] launcher = [typeof(AcceleratorStream), .. isOverExtent ? types : types.Prepend(typeof(KernelConfig)),
            typeof(void)];
        try
        {
            var load = (isOverExtent ? OverExtent : ByGroups).MakeGenericMethod(Expression.GetDelegateType(launcher));
            return loaded[kernel] = (Delegate)load.Invoke(accelerator, [method])!;
        }
        catch (TargetInvocationException error)
        {
            // Half a kernel is left in the context, over which the next ones would fall; what is loaded stays.
            accelerator.Context.ClearCache(ClearCacheMode.Everything);
            throw IlgpuFailure.Of(kernel, error.InnerException!);
        }
    }

    static object Take(Type type, ReadOnlySpan<KernelArgument> arguments, ref int next)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>))
            return View(type.GetGenericArguments()[0], arguments[next++]);
        if (type == typeof(SpecializedValue<int>)) return SpecializedValue.New(arguments[next++].Value<int>());
        if (type == typeof(Index1D)) return new Index1D(arguments[next++].Value<int>());
        if (type == typeof(Index2D)) return new Index2D(arguments[next++].Value<int>(), arguments[next++].Value<int>());
        if (type == typeof(Index3D))
            return new Index3D(arguments[next++].Value<int>(), arguments[next++].Value<int>(),
                arguments[next++].Value<int>());
        if (type.IsEnum) return Enum.ToObject(type, Scalar(type.GetEnumUnderlyingType(), arguments[next++]));
        if (type.IsPrimitive) return Scalar(type, arguments[next++]);
        var value = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in LaunchFields.Of(type)) field.SetValue(value, Take(field.FieldType, arguments, ref next));
        return value;
    }

    static object Scalar(Type type, KernelArgument argument) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => argument.Value<int>() != 0,
        TypeCode.SByte => argument.Value<sbyte>(),
        TypeCode.Byte => argument.Value<byte>(),
        TypeCode.Int16 => argument.Value<short>(),
        TypeCode.UInt16 => argument.Value<ushort>(),
        TypeCode.Int32 => argument.Value<int>(),
        TypeCode.UInt32 => argument.Value<uint>(),
        TypeCode.Int64 => argument.Value<long>(),
        TypeCode.UInt64 => argument.Value<ulong>(),
        TypeCode.Single => argument.Value<float>(),
        TypeCode.Double => argument.Value<double>(),
        _ => throw new NotSupportedException($"A kernel's parameter of type {type.Name}."),
    };

    static object View(Type element, KernelArgument argument) =>
        ViewMaker.MakeGenericMethod(element).Invoke(null, [argument])!;

    static ArrayView<T> ViewOf<T>(KernelArgument argument) where T : unmanaged =>
        argument.Memory is null ? ArrayView<T>.Empty : new(argument.Memory, argument.Offset, argument.Length);

    static MethodInfo Loader(string name) => typeof(Accelerator).GetMethods().Single(method =>
        method.Name == name && method.IsGenericMethod && method.GetParameters() is [{ ParameterType: var only }]
            && only == typeof(MethodInfo));
}
