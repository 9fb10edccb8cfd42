using LdNetGpu.Tests.Data;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace LdNetGpu.Tests;

/// <summary>Implementations of a user, compiled from C# into a file.</summary>
static class OwnSource
{
    // What they derive from, and so need not write: x of 2 x 32 numbers, scaled.
    const string Shared = """
        using System;
        using System.Collections.Generic;
        using System.Numerics;
        using LdNetGpu.Autograd;
        using LdNetGpu.Kernels;
        using LdNetGpu.Kernels.Variants;
        using LdNetGpu.Kernels.Views;

        public abstract class Scaled : IImplementation
        {
            public virtual string Name => GetType().Name;
            protected virtual double Factor => 2;
            protected virtual int Columns => 32;
            public virtual KernelChoice Kernels => KernelChoice.Default;
            protected virtual Tensor<T> Work<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> => x.Scale(Factor);
            public virtual Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
                where T : unmanaged, IFloatingPointIeee754<T>
            {
                var x = inputs.Numbers("x", 2, 32);
                return () => [Work(x).Columns(0, Columns).View];
            }
        }
        """;

    static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The path of an assembly of the types, which is Own.dll.</summary>
    /// <param name="files">Where it is written.</param>
    /// <param name="types">C# of the file Own.cs.</param>
    public static string Compile(TestFiles files, string types)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Preview);
        SyntaxTree Parsed(string source, string file) =>
            CSharpSyntaxTree.ParseText(source, parsing, file, System.Text.Encoding.UTF8);
        var compilation = CSharpCompilation.Create("Own",
            [Parsed(Shared, "Shared.cs"), Parsed(types, "Own.cs")], References,
            new(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, options: new(debugInformationFormat: DebugInformationFormat.Embedded));
        Assert.True(emitted.Success, string.Join(Environment.NewLine, emitted.Diagnostics));
        return files.Write("Own.dll", image.ToArray());
    }
}
