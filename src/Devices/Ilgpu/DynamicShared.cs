using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using LdNetGpu.Devices.Ilgpu.Rewriting;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Dynamic shared memory of a kernel that ILGPU's CPU accelerator runs. It gives each view as many elements as the
/// launch asks for, of whatever size.
/// </summary>
static class DynamicShared
{
    /// <summary>Bytes of an element as the kernel reads the memory; 1 where it does not.</summary>
    /// <exception cref="NotSupportedException">The kernel reads it as elements of several sizes.</exception>
    public static int ElementSize(MethodInfo kernel)
    {
        var sizes = Elements(kernel).Distinct().GroupBy(Size).ToList();
        return sizes.Count switch
        {
            0 => 1,
            1 => sizes[0].Key,
            _ => throw new NotSupportedException("ILGPU's CPU accelerator would make the views of dynamic shared "
                + $"memory of {string.Join(" and ", sizes.Select(types => types.First().Name))} as many elements "
                + "long. Take one with GetDynamic, and the others by Cast."),
        };
    }

    static IEnumerable<Type> Elements(MethodInfo kernel)
    {
        var seen = new HashSet<MethodBase> { kernel };
        var left = new Stack<MethodBase>(seen);
        while (left.TryPop(out var method))
            foreach (var called in CalledBy(method))
                if (called.DeclaringType == typeof(SharedMemory) && called.Name == nameof(SharedMemory.GetDynamic))
                    yield return called.GetGenericArguments()[0];
                else if (MethodRewriter.IsCompiledAsFound(called) && seen.Add(called)) left.Push(called);
    }

    static IEnumerable<MethodBase> CalledBy(MethodBase method) => method.GetMethodBody() is { } body
        ? MethodRewriter.Called(method, Cil.Read(body.GetILAsByteArray())) : [];

    static int Size(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type)
        .Invoke(null, null)!;
}
