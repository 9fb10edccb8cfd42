using System.Diagnostics;
using System.Numerics;
using System.Reflection;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.OwnCode;

/// <summary>
/// An <see cref="IImplementation"/> that somebody else has written: what it throws is a <see cref="UserException"/>
/// that names the C# line.
/// </summary>
sealed class OwnImplementation : IImplementation
{
    readonly IImplementation made;

    OwnImplementation(Type type, bool takesBatch, int batch)
    {
        (Type, TakesBatch) = (type, takesBatch);
        made = Guarded("its constructor",
            () => (IImplementation)Activator.CreateInstance(type, takesBatch ? [batch] : null)!);
        Name = Guarded(nameof(IImplementation.Name), () => made.Name);
        if (string.IsNullOrWhiteSpace(Name)) throw new UserException($"{type.Name}: its Name is empty.");
    }

    /// <summary>What it is in C#.</summary>
    public Type Type { get; }

    /// <summary>Whether it is made of the batch.</summary>
    public bool TakesBatch { get; }

    public string Name { get; }

    /// <summary>Its name, with that of its type where that is another.</summary>
    public string Words => Name == Type.Name ? Name : $"{Name} ({Type.Name})";

    public KernelChoice Kernels => Guarded(nameof(IImplementation.Kernels), () => made.Kernels)
        ?? throw new UserException($"{Type.Name}: its Kernels are null.");

    /// <summary>Why a type of <see cref="IImplementation"/> cannot be made here; null where it can.</summary>
    public static string? Problem(Type type) =>
        !type.IsVisible ? "is not public"
        : type.IsAbstract ? "is abstract"
        : type.ContainsGenericParameters ? "has type parameters"
        : TakesABatch(type) || type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null ? null
        : "has no public constructor of nothing, nor of one int";

    /// <summary>Makes it, of the batch where it takes one.</summary>
    /// <param name="type">Without a <see cref="Problem"/>.</param>
    /// <param name="batch">Rows, sequences or sentences at once.</param>
    /// <exception cref="UserException">Its constructor throws, or it has no name.</exception>
    public static OwnImplementation Make(Type type, int batch) => new(type, TakesABatch(type), batch);

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var device = backend.Device;
        var work = On(device, nameof(IImplementation.Prepare), () => made.Prepare(backend, inputs))
            ?? throw new UserException($"{Type.Name}: Prepare returned null, no work.");
        return () => On(device, "its work", work) is { Count: > 0 } results ? results
            : throw new UserException($"{Type.Name}: its work has no results. Return the views of what it computes.");
    }

    static bool TakesABatch(Type type) => type.GetConstructor([typeof(int)]) is not null;

    // A launch by hand casts the device to one that runs kernels.
    T On<T>(ComputeDevice device, string member, Func<T> call)
    {
        try
        {
            return Guarded(member, call);
        }
        catch (UserException error) when (device is CpuDevice && error.InnerException is InvalidCastException)
        {
            throw new UnsupportedOnDeviceException(error.Message, new("managed"), new("opencl"), new("cuda"));
        }
    }

    T Guarded<T>(string member, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (Cause(error) is not OperationCanceledException)
        {
            var cause = Cause(error);
            if (cause is UserException && cause == error) throw;
            throw new UserException(
                $"{Type.Name}: {member} throws {cause.GetType().Name}: {cause.Message}{Place(cause)}", cause);
        }
    }

    // Reflection's and static constructors' wrapping taken off.
    static Exception Cause(Exception error) => error is TargetInvocationException or TypeInitializationException
        && error.InnerException is { } inner ? Cause(inner) : error;

    // The innermost line of its own assembly.
    string Place(Exception error) => new StackTrace(error, fNeedFileInfo: true).GetFrames()
        .FirstOrDefault(frame => frame.GetMethod()?.Module.Assembly == Type.Assembly && frame.GetFileName() is not null)
        is { } frame ? $" ({Path.GetFileName(frame.GetFileName())}:{frame.GetFileLineNumber()})" : "";
}
