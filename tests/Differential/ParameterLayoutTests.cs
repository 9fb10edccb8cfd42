using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>
/// Structs and tuples of any numbers, in each other, as a kernel's parameters: each field arrives as itself. .NET lays
/// out tuples, and the structs that have them, as it likes; what ILGPU would read wrong for that is refused. Structs
/// without fields take a byte.
/// </summary>
public class ParameterLayoutTests
{
    const int Kernels = 32;

    static readonly string[] Numbers =
        ["bool", "sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double"];

    readonly Random random = new(20261130);
    readonly StringBuilder types = new();

    [Fact]
    public void FieldsArriveAsThemselves()
    {
        var text = new StringBuilder("using ILGPU;\nusing LdNetGpu.Dialect;\n\npublic static partial class Cases\n{\n");
        var signatures = new List<string>();
        for (var i = 0; i < Kernels; i++)
        {
            var (type, fields) = i < Known.Count ? Known[i] : AnyStruct(3);
            signatures.Add(type);
            var body = string.Concat(fields.Select((field, j) =>
                $" r[{j}] = {(field.Type == "bool" ? $"p{field.Path} ? 1 : 0" : $"p{field.Path}")};"));
            text.Append($"    [Kernel] public static void Run{i}(ArrayView<double> r, byte first, {type} p, ")
                .Append($"short last)\n    {{{body} r[{fields.Count}] = first; r[{fields.Count + 1}] = last; }}\n");
        }
        var assembly = CaseAssembly.Compile(text.Append("}\n").Append(Empties).Append(types).ToString());
        var (problems, refused) = (new List<string>(), new List<string>());
        // The texts' launches take structs apart, whatever their layout.
        foreach (var subject in Subject.ManagedAndIlgpu())
        {
            using var _ = subject;
            for (var i = 0; i < Kernels; i++)
                try
                {
                    if (Problem(subject, assembly.Kernels[i]) is { } problem)
                        problems.Add($"{subject.Name}, {signatures[i]}: {problem}");
                }
                catch (UnsupportedOnDeviceException error) when (subject.Name.Contains("ILGPU"))
                {
                    refused.Add(error.Message);
                }
        }
        Assert.Empty(problems);
        Assert.All(refused, message => Assert.Contains("with padding", message));
        if (CudaForTests.WhyNot is null) Assert.InRange(refused.Count, 1, Kernels / 4);
    }

    const string Empties = """
        public struct Empty { }
        public struct Begins { public Empty E; public int A; }
        public struct Between { public int A; public Empty E; public byte B; public Empty F; public long C; }
        public struct Nested { public Begins B; public Empty E; public sbyte A; }
        public struct Only { public Empty E; public Empty F; }

        """;

    /// <summary>Those that were found to arrive wrong, and their kin.</summary>
    static List<(string Type, List<(string Path, string Type)> Fields)> Known =>
    [
        ("(int A, (byte B, double C) D)", [(".A", "int"), (".D.B", "byte"), (".D.C", "double")]),
        ("Begins", [(".A", "int")]), ("Between", [(".A", "int"), (".B", "byte"), (".C", "long")]),
        ("Nested", [(".B.A", "int"), (".A", "sbyte")]), ("Empty", []), ("Only", []),
        ("(Empty, byte)", [(".Item2", "byte")]),
        ("(double, Empty, short)", [(".Item1", "double"), (".Item3", "short")]),
    ];

    static string? Problem(Subject subject, KernelInstance kernel)
    {
        using var results = subject.Device.Allocate<double>(kernel.Parameters.Count);
        var arguments = kernel.Parameters.Select((parameter, i) => parameter.Kind == KernelParameterKind.View
            ? KernelArgument.View<double>(results) : Argument(parameter.Type, i)).ToArray();
        subject.Device.Launch(kernel, (1, 1), arguments);
        var found = new double[kernel.Parameters.Count];
        results.CopyTo(found);
        // first is passed before the fields and written after them.
        var fields = kernel.Parameters.Count - 3;
        double[] expected = [.. Enumerable.Range(2, fields).Select(i => Expected(kernel, i)), Expected(kernel, 1),
            Expected(kernel, fields + 2)];
        return expected.SequenceEqual(found[..expected.Length])
            ? null : $"{string.Join(' ', found[..expected.Length])}, not {string.Join(' ', expected)}";
    }

    static double Expected(KernelInstance kernel, int i) => kernel.Parameters[i].Type == "bool" ? i & 1 : i;

    static KernelArgument Argument(string type, int value) => type switch
    {
        "bool" => KernelArgument.Scalar((value & 1) != 0),
        "sbyte" => KernelArgument.Scalar((sbyte)value),
        "byte" => KernelArgument.Scalar((byte)value),
        "short" => KernelArgument.Scalar((short)value),
        "ushort" => KernelArgument.Scalar((ushort)value),
        "int" => KernelArgument.Scalar(value),
        "uint" => KernelArgument.Scalar((uint)value),
        "long" => KernelArgument.Scalar((long)value),
        "ulong" => KernelArgument.Scalar((ulong)value),
        "float" => KernelArgument.Scalar((float)value),
        "double" => KernelArgument.Scalar((double)value),
        _ => throw new ArgumentException($"A parameter of type {type}.", nameof(type)),
    };

    // A number more seldom, the deeper it is; a struct of one field too.
    (string Type, List<(string Path, string Type)> Fields) AnyStruct(int depth)
    {
        var isTuple = random.Next(2) == 0;
        var parts = Enumerable.Range(0, random.Next(isTuple ? 2 : 1, 5)).Select(_ => Part(depth)).ToList();
        var fields = parts.SelectMany((part, i) =>
        {
            var name = isTuple ? $".Item{i + 1}" : $".F{i}";
            return part.Fields?.Select(field => (name + field.Path, field.Type)) ?? [(name, part.Type)];
        }).ToList();
        if (isTuple) return ($"({string.Join(", ", parts.Select(part => part.Type))})", fields);
        var type = $"S{types.Length}";
        types.Append($"public struct {type} {{")
            .AppendJoin("", parts.Select((part, i) => $" public {part.Type} F{i};")).Append(" }\n");
        return (type, fields);
    }

    (string Type, List<(string Path, string Type)>? Fields) Part(int depth) => random.Next(8) == 0 ? ("Empty", [])
        : depth == 0 || random.Next(2) == 0 ? (Numbers[random.Next(Numbers.Length)], null) : AnyStruct(depth - 1);
}
