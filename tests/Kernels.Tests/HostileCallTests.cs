using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Tests;

/// <summary>
/// Every operation of a backend, found by reflection, with operands that do not fit: it works or is refused with a
/// typed exception, within seconds, and writes nothing outside of a buffer.
/// </summary>
public sealed class HostileCallTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    static readonly Operation[] Operations =
    [
        .. from part in typeof(DeviceBackend<float>).GetProperties()
           where part.PropertyType.IsInterface
           from contract in Contracts(part.PropertyType)
           from method in contract.GetMethods()
           select new Operation(part, method),
    ];

    // Products of the CPU take packed operands too.
    static Type[] Contracts(Type contract) =>
        contract == typeof(IGemm<float>) ? [contract, typeof(IPackingGemm<float>)] : [contract];

    // Choice 0 fits as often as it can, so that a failure shrinks to the one operand that it takes.
    static readonly Arbitrary<(int Operation, int Size, int[] Choices)> Calls = (
        from operation in Gen.Choose(0, Operations.Length - 1)
        from size in Gen.Choose(1, 3)
        from hostile in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Constant(3)))
        from places in Gen.Choose(0, 24).ArrayOf(hostile)
        from kinds in Gen.Choose(1, 40).ArrayOf(hostile)
        select (operation, size, Choices(places, kinds))).ToArbitrary();

    static int[] Choices(int[] places, int[] kinds)
    {
        var choices = new int[25];
        foreach (var (place, kind) in places.Zip(kinds)) choices[place] = kind;
        return choices;
    }

    [Fact]
    public void EveryCallWorksOrIsRefusedBeforeAnythingIsWritten() =>
        Prop.ForAll(Calls, call => Check(Operations[call.Operation], call.Size, call.Choices))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(6000).WithReplay(20180911, 7));

    [Fact]
    public void MostOperationsTakeOperandsThatFit()
    {
        var taken = Operations.Where(operation => Enumerable.Range(1, 3).Any(size =>
        {
            var (refused, _) = Run(operation, size, new int[25]);
            return refused is null;
        })).ToArray();
        Assert.True(taken.Length * 10 >= Operations.Length * 9,
            $"only {string.Join(", ", taken.Select(operation => operation.ToString()))}");
    }

    static void Check(Operation operation, int size, int[] choices)
    {
        var clock = Stopwatch.StartNew();
        var (refused, broken) = Run(operation, size, choices);
        var call = $"{operation} of size {size} with {string.Join(' ', choices)}";
        Assert.True(
            refused is null or ArgumentException or ObjectDisposedException or UserException or ForbiddenTagsException,
            $"{call}: {refused}");
        Assert.True(broken.Count == 0, $"{call}: {string.Join("; ", broken)}");
        Assert.True(clock.Elapsed < Patience, $"{call}: took {clock.Elapsed.TotalSeconds:0.0} s");
    }

    static (Exception? Refused, IReadOnlyCollection<string> Broken) Run(Operation operation, int size, int[] choices)
    {
        var guards = new HostGuards();
        using var device = new CpuDevice(2, guards);
        using var operands = new HostileOperands(device, size, choices);
        var backend = new CpuBackend<float>(device);
        Exception? refused = null;
        try
        {
            operation.Call(backend, operands);
        }
        catch (Exception error)
        {
            refused = error;
        }
        operands.Dispose();
        return (refused, guards.Broken);
    }

    /// <summary>A method of one of a backend's parts.</summary>
    sealed class Operation(PropertyInfo part, MethodInfo method)
    {
        // Compiled, as reflection passes no spans.
        readonly Lazy<Action<DeviceBackend<float>, object?[]>> call = new(() =>
        {
            var (backend, arguments) = (Expression.Parameter(typeof(DeviceBackend<float>)),
                Expression.Parameter(typeof(object[])));
            var passed = method.GetParameters().Select((parameter, i) =>
            {
                var type = parameter.ParameterType.IsByRef
                    ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
                var argument = Expression.ArrayIndex(arguments, Expression.Constant(i));
                if (!type.IsByRefLike) return (Expression)Expression.Convert(argument, type);
                var array = type.GetGenericArguments()[0].MakeArrayType();
                return Expression.Call(type.GetMethod("op_Implicit", [array])!, Expression.Convert(argument, array));
            });
            return Expression.Lambda<Action<DeviceBackend<float>, object?[]>>(
                Expression.Call(Expression.Property(backend, part), method, passed), backend, arguments).Compile();
        });

        public void Call(DeviceBackend<float> backend, HostileOperands operands) =>
            call.Value(backend,
                [.. method.GetParameters()
                    .Select(parameter => operands.Next(parameter.ParameterType, parameter.Name!))]);

        public override string ToString() => $"{part.Name}.{method.Name}";
    }
}
