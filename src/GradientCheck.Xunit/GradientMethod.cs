using System.Numerics;
using System.Reflection;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>A method whose gradient is checked.</summary>
/// <param name="method">As <see cref="GradientCheckAttribute"/> wants it.</param>
/// <param name="instance">Of its class; null where it is static.</param>
sealed class GradientMethod(MethodInfo method, object? instance)
{
    /// <summary>Names of the dimensions, in the order of their sizes.</summary>
    public static IEnumerable<string> Dimensions(MethodInfo method) =>
        method.GetParameters().Skip(1).Select(parameter => parameter.Name!);

    /// <summary>What of the method a check cannot do with; null where it can.</summary>
    public static string? ProblemOf(MethodInfo method, int[] sizes)
    {
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        if (!method.IsPublic || !method.DeclaringType.IsVisible || method.DeclaringType.IsGenericType)
            return $"{name}: [GradientCheck] wants a public method of a public class that is not generic, so that "
                + "C# that reproduces a failure can call it.";
        var parameters = method.GetParameters();
        var number = method.IsGenericMethodDefinition && method.GetGenericArguments() is [var only] ? only
            : method.IsGenericMethodDefinition ? null : typeof(double);
        if (number is null || parameters.Length == 0
            || parameters[0].ParameterType != typeof(GradientInput<>).MakeGenericType(number)
            || parameters.Skip(1).Any(parameter => parameter.ParameterType != typeof(int)))
            return $"{name}: [GradientCheck] wants the parameters (GradientInput<double>, int, ...) or, with a type "
                + "parameter T of its own, (GradientInput<T>, int, ...).";
        var tensor = typeof(Tensor<>).MakeGenericType(number);
        if (method.ReturnType != tensor
            && !typeof(IReadOnlyList<>).MakeGenericType(tensor).IsAssignableFrom(method.ReturnType))
            return $"{name}: [GradientCheck] wants a Tensor or a list of them to be returned, not {method.ReturnType}.";
        if (sizes.Length != parameters.Length - 1)
            return $"{name}: {parameters.Length - 1} sizes are wanted ({string.Join(", ", Dimensions(method))}), and "
                + $"[GradientShapes] gives {sizes.Length}.";
        return Array.TrueForAll(sizes, size => size > 0) ? null
            : $"{name}: [GradientShapes({string.Join(", ", sizes)})]: a size is 1 or more.";
    }

    /// <summary>Checks the gradient.</summary>
    /// <exception cref="GradientCheckFailedException">It is wrong; with the smallest sizes at which it is.</exception>
    public void Check(int[] sizes, GradientDevice device, GradientCheckOptions options)
    {
        if (ProblemAt(sizes, device, options) is not { } first) return;
        var last = (Sizes: sizes, Problem: first);
        GradientShrinker.Shrink(sizes, smaller =>
        {
            if (ProblemAt(smaller, device, options) is not { } problem || problem.GetType() != first.GetType())
                return false;
            last = (smaller, problem);
            return true;
        });
        throw new GradientCheckFailedException(Named(sizes), Named(last.Sizes), last.Problem,
            new Reproduction(method, last.Sizes, device, options).Text());
    }

    string Named(int[] sizes) => sizes.Length == 0 ? method.Name
        : $"{method.Name}({string.Join(", ", Dimensions(method).Zip(sizes, (name, size) => $"{name}: {size}"))})";

    Exception? ProblemAt(int[] sizes, GradientDevice device, GradientCheckOptions options)
    {
        using var managed = device == GradientDevice.Managed ? new ManagedDevice() : null;
        DeviceBackend<double> backend = managed is null
            ? new CpuBackend<double>(new CpuDevice()) : new GpuBackend<double>(managed);
        try
        {
            if (method.IsGenericMethodDefinition)
                GradientAssert.Holds(Named(sizes), backend, new AnyNumber(this, sizes), options);
            else GradientAssert.Holds(Named(sizes), backend, leaf => Call(method, leaf, sizes), options);
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error;
        }
    }

    IReadOnlyList<Tensor<T>> Call<T>(MethodInfo closed, GradientInput<T> leaf, int[] sizes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        object?[] arguments = [leaf, .. sizes.Select(size => (object)size)];
        var result = closed.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        return result is Tensor<T> tensor ? [tensor] : (IReadOnlyList<Tensor<T>>)result!;
    }

    sealed class AnyNumber(GradientMethod owner, int[] sizes) : IDifferentiable
    {
        public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
            where T : unmanaged, IFloatingPointIeee754<T> => owner.Generic(input, sizes);
    }

    IReadOnlyList<Tensor<T>> Generic<T>(GradientInput<T> input, int[] sizes)
        where T : unmanaged, IFloatingPointIeee754<T> => Call(method.MakeGenericMethod(typeof(T)), input, sizes);
}
