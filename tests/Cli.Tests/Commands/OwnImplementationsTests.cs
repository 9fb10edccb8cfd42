using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Implementations of an assembly that is named: compared, and as what launches profiled kernels.</summary>
public sealed class OwnImplementationsTests : IDisposable
{
    const string Doubled = "public class Doubled : Scaled;";

    // Another way to the same.
    const string Summed = """
        public class Summed : Scaled
        {
            protected override Tensor<T> Work<T>(Tensor<T> x) => x.Add(x);
        }
        """;

    // This assembly: FusedSoftplus and ComposedSoftplus.
    static readonly string Own = typeof(FusedSoftplus).Assembly.Location;

    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void TwoImplementationsOfAFileNeedNoNames()
    {
        var study = Study("--from", Own, "--device", "managed");
        Assert.Equal("LdNetGpu.Cli.Tests.dll", study["study"]!.GetValue<string>());
        Assert.Equal("by operations, or softplus in one?", study["question"]!.GetValue<string>());
        Assert.Equal(4, study["first"]!["launches"]!.AsArray().Count);
        Assert.Equal("OwnKernels.Softplus<float>",
            Assert.Single(study["second"]!["launches"]!.AsArray())!.GetValue<string>());
        // [32, 64] floats read and written, by four launches or by one.
        Assert.Equal((4 * 2 * 8192, 2 * 8192), (Moved(study, "first"), Moved(study, "second")));
        Assert.Equal(2 * 8192, study["necessary_bytes"]!.GetValue<long>());
        // An exponential and a logarithm.
        Assert.Equal(2 * 32 * 64, study["second"]!["functions"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("FusedSoftplus", "ComposedSoftplus")]
    [InlineData("softplus in one", "By Operations")]
    [InlineData("LdNetGpu.Tests.FusedSoftplus", "composedsoftplus")]
    public void ImplementationsAreNamedByTypeOrName(string first, string second)
    {
        var study = Study(first, second, "--from", Own, "--device", "managed");
        Assert.Equal(("softplus in one", "by operations"),
            (study["first"]!["name"]!.GetValue<string>(), study["second"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public void ABatchChangesTheCounts()
    {
        var study = Study("--from", Own, "--device", "managed", "--batch", "3");
        Assert.Equal(2 * 3 * 256, Moved(study, "second"));
        Assert.Equal(3, Run("--from", Own, "--device", "managed", "--batch", "3", "--json").Json["batch"]!
            .GetValue<int>());
    }

    [Fact]
    public void WithoutABatchNoneIsToldNorTaken()
    {
        var own = OwnSource.Compile(files, "using LdNetGpu.Autograd;" + Doubled + Summed);
        Assert.Null(Run("--from", own, "--device", "managed", "--json").Json["batch"]);
        Assert.StartsWith("Own.dll: Doubled, or Summed?",
            Run("--from", own, "--device", "managed").Succeeded().Output, StringComparison.Ordinal);
        Run("--from", own, "--batch", "3").Failed(1, "--batch: neither Doubled nor Summed");
        Ldnet.Run("kernels", "profile", "Add", "--from", own, "--batch", "3").Failed(1, "--batch: not taken by");
    }

    [Fact]
    public void WhatRunsOnTheProcessorIsTimedThere()
    {
        var own = OwnSource.Compile(files, "using LdNetGpu.Autograd;" + Doubled + Summed);
        var study = Study("--from", own, "--samples", "4");
        Assert.Equal(4, study["warm"]!["second_seconds"]!.AsArray().Count);
        Assert.Null(study["why_not_timed"]);
    }

    // Whichever is first: what is right comes from the managed device then.
    [Theory, InlineData("ComposedSoftplus", "FusedSoftplus"), InlineData("FusedSoftplus", "ComposedSoftplus")]
    public void KernelsAloneAreNotTimedOnTheProcessor(string first, string second)
    {
        var study = Study(first, second, "--from", Own);
        Assert.Null(study["warm"]);
        Assert.Contains("--device opencl", study["why_not_timed"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    // As a launch by hand needs a GpuDevice.
    [Fact]
    public void ACastOfTheDeviceIsForOnesWithKernels()
    {
        var own = OwnSource.Compile(files, $$"""
            using LdNetGpu.Autograd;
            {{Doubled}}
            public class ByHand : Scaled
            {
                protected override Tensor<T> Work<T>(Tensor<T> x)
                {
                    ((LdNetGpu.Devices.Gpu.GpuDevice)x.Backend.Device).Synchronize();
                    return x.Scale(2);
                }
            }
            """);
        foreach (var names in (string[][])[["ByHand", "Doubled"], ["Doubled", "ByHand"]])
            Assert.Contains("kernels of its own",
                Study([.. names, "--from", own])["why_not_timed"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void KernelsAreTimedOnADeviceThatRunsThem()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        var study = Study("--from", Own, "--device", "opencl", "--samples", "3");
        Assert.Equal(3, study["warm"]!["first_seconds"]!.AsArray().Count);
        Assert.Equal(3, study["cold"]!["second_seconds"]!.AsArray().Count);
    }

    [Fact]
    public void APageNamesBoth()
    {
        var page = files.PathOf("own.html");
        Run("--from", Own, "--device", "managed", "--html", page).Succeeded();
        var text = File.ReadAllText(page);
        Assert.Contains("Studies of kernels, batch 32", text, StringComparison.Ordinal);
        Assert.Contains("softplus in one", text, StringComparison.Ordinal);
        Assert.Contains("image/svg+xml", text, StringComparison.Ordinal);
    }

    [Theory]
    // Names.
    [InlineData(1, "Summed Nope", "", "Nope: no implementation of Own.dll is called that; there are Doubled, Summed")]
    [InlineData(1, "Doubled doubled", "", "Doubled and doubled are one implementation")]
    [InlineData(2, "Doubled", "", "--from compares two implementations, and 1 is named: Doubled")]
    [InlineData(2, "Doubled Summed Doubled", "", "3 are named")]
    [InlineData(1, "", "public class Third : Scaled;", "3 implementations. Name the two")]
    [InlineData(1, "Doubled Third",
        """public class Third : Scaled { public override string Name => "Doubled"; }""",
        "Doubled and Third call themselves Doubled. Give them different")]
    [InlineData(1, "Summed twice", """
        public class A : Scaled { public override string Name => "twice"; }
        public class B : A;
        """, "twice: 2 implementations are called that: A, B")]
    // What throws, with its line.
    [InlineData(1, "Doubled Third",
        """public class Third : Scaled { public Third() => throw new InvalidOperationException("no luck"); }""",
        "Third: its constructor throws InvalidOperationException: no luck (Own.cs:")]
    [InlineData(1, "Doubled Third", """
        public class Third : Scaled
        {
            protected override Tensor<T> Work<T>(Tensor<T> x) => throw new NotSupportedException("no work");
        }
        """, "Third: its work throws NotSupportedException: no work (Own.cs:")]
    [InlineData(1, "Doubled Third", """
        public class Third : Scaled
        {
            public override Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend,
                ComparisonInputs<T> inputs) => throw new NotSupportedException("not ready");
        }
        """, "Third: Prepare throws NotSupportedException: not ready (Own.cs:")]
    [InlineData(1, "Doubled Third", """
        public class Third : Scaled
        {
            public override string Name => throw new NotSupportedException("no name");
        }
        """, "Third: Name throws NotSupportedException: no name (Own.cs:")]
    // What is missing.
    [InlineData(1, "Doubled Third", """public class Third : Scaled { public override string Name => ""; }""",
        "Third: its Name is empty")]
    [InlineData(1, "Doubled Third", "public class Third : Scaled { public override KernelChoice Kernels => null; }",
        "Third: its Kernels are null")]
    [InlineData(1, "Doubled Third", """
        public class Third : Scaled
        {
            public override Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend,
                ComparisonInputs<T> inputs) => null;
        }
        """, "Third: Prepare returned null")]
    [InlineData(1, "Doubled Third", """
        public class Third : Scaled
        {
            public override Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend,
                ComparisonInputs<T> inputs) => () => [];
        }
        """, "Third: its work has no results")]
    // What differs.
    [InlineData(1, "Doubled Third", "public class Third : Scaled { protected override int Columns => 31; }",
        "Result 0 is [2, 32] of Doubled and [2, 31] of Third")]
    [InlineData(1, "Doubled Third", "public class Third : Scaled { protected override double Factor => 2.1; }",
        "Result 0 [2, 32], element 0: ")]
    public void WhatCannotBeIsRefused(int code, string names, string third, string words)
    {
        var own = OwnSource.Compile(files, $"""
            using System; using System.Collections.Generic; using LdNetGpu.Autograd; using LdNetGpu.Kernels;
            using LdNetGpu.Kernels.Variants; using LdNetGpu.Kernels.Views;
            {Doubled}
            {Summed}
            {third}
            """);
        Run([.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--from", own]).Failed(code, words);
    }

    [Theory]
    [InlineData("class Hidden : Scaled;", "Hidden is not public")]
    [InlineData("public class Wide(int rows, int columns) : Scaled { int area = rows * columns; }",
        "Wide has no public constructor of nothing, nor of one int")]
    [InlineData("public class Of<T> : Scaled;", "Of`1 has type parameters")]
    [InlineData("", "Scaled is abstract")]
    public void WhyATypeIsNoImplementationIsTold(string types, string words)
    {
        var own = OwnSource.Compile(files, types);
        Run("--from", own).Failed(1, "no implementation. Write a public type", words);
        Ldnet.Run("kernels", "profile", "Scale", "--from", own).Failed(1, "no implementation", words);
    }

    [Fact]
    public void AnAssemblyWithoutImplementationsIsRefused()
    {
        Run("--from", typeof(Xunit.Assert).Assembly.Location).Failed(1, "no implementation");
        Run("--from", OwnSource.Compile(files, Doubled)).Failed(1, "one implementation, Doubled");
        Run("--from", files.PathOf("none.dll")).Failed(1, "none.dll: no such file");
        Run("--from", files.Write("text.dll", "no assembly")).Failed(1, "cannot be loaded");
    }

    // A type whose constructor throws is in nobody's way who does not name it.
    [Fact]
    public void WhatIsNotNamedNeedNotBeMade()
    {
        var own = OwnSource.Compile(files, "using System; using LdNetGpu.Autograd;" + Doubled + Summed
            + "public class Broken : Scaled { public Broken() => throw new NotSupportedException(); }");
        Assert.NotNull(Study("Doubled", "Summed", "--from", own, "--device", "managed"));
    }

    // Nor is what cannot run in the way of a kernel that another launches.
    [Fact]
    public void WhatCannotRunIsNotedWhereAnotherLaunchesTheKernel()
    {
        var own = OwnSource.Compile(files, "using System; using LdNetGpu.Autograd;" + Doubled
            + "public class Broken : Scaled { protected override int Columns => throw new NotSupportedException(); }");
        var run = Ldnet.Run("kernels", "profile", "Scale", "--from", own).Succeeded();
        Assert.Contains("not profiled: Broken", run.Error);
        Ldnet.Run("kernels", "profile", "Scale", "--from", own, "--work", "broken").Failed(1, "Broken");
    }

    [Fact]
    public void KernelsAreProfiledWhereAnImplementationLaunchesThem()
    {
        var profile = Assert.Single(Profiles("Softplus"))!;
        Assert.Equal(("OwnKernels.Softplus<float>", "softplus in one"),
            (profile["kernel"]!.GetValue<string>(), profile["work"]!.GetValue<string>()));
        // [32, 64] floats, side by side.
        Assert.Equal((8192, 8192), (Bytes(profile, "global_loads"), Bytes(profile, "global_stores")));
        Assert.Contains(profile["lines"]!.AsArray(), line => line!["file"]!.GetValue<string>() == "OwnKernels.cs");
    }

    [Fact]
    public void ABatchAndANumberTypeChangeTheProfile()
    {
        Assert.Equal(3 * 256, Bytes(Assert.Single(Profiles("Softplus", "--batch", "3"))!, "global_loads"));
        Assert.Equal(2 * 8192, Bytes(Assert.Single(Profiles("Softplus", "--dtype", "double"))!, "global_loads"));
    }

    [Fact]
    public void TheLibrarysKernelsAreProfiledInAnImplementationToo()
    {
        var profile = Assert.Single(Profiles("ElementwiseKernels.Map", "--work", "composed"))!;
        Assert.Equal(("by operations", 4), (profile["work"]!.GetValue<string>(), profile["launches"]!.GetValue<int>()));
    }

    [Fact]
    public void OfSeveralImplementationsThePlainestIsShown()
    {
        var own = OwnSource.Compile(files, $$"""
            using LdNetGpu.Autograd;
            {{Doubled}}
            public class Longer : Scaled { protected override Tensor<T> Work<T>(Tensor<T> x) => x.Add(x).Scale(2); }
            """);
        string[] all = ["ElementwiseKernels.Scale<float>", "--from", own];
        var plainest = Assert.Single(Ldnet.Run(["kernels", "profile", .. all, "--json"]).Json["profiles"]!.AsArray())!;
        Assert.Equal(("Doubled", "Longer"),
            (plainest["work"]!.GetValue<string>(), Assert.Single(plainest["also_in"]!.AsArray())!.GetValue<string>()));
        var asked = Ldnet.Run(["kernels", "profile", .. all, "--work", "longer", "--json"]).Json["profiles"]!.AsArray();
        Assert.Equal("Longer", Assert.Single(asked)!["work"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(1, "Twice", "", "no such kernel is launched by by operations (ComposedSoftplus), softplus in one")]
    [InlineData(1, "Softplus", "--work nothing", "no implementation of LdNetGpu.Cli.Tests.dll has that in its name")]
    [InlineData(2, "Softplus", "--size rows=3", "--size is of the benchmark's rows")]
    [InlineData(2, "Softplus", "--math tf32", "--math is for the benchmark's rows")]
    public void WhatCannotBeProfiledIsRefused(int code, string kernel, string arguments, string words) =>
        Ldnet.Run(["kernels", "profile", kernel, "--from", Own,
            .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Failed(code, words);

    [Fact]
    public void ProfiledImplementationsOfOneNameAreRefused()
    {
        var own = OwnSource.Compile(files,
            Doubled + """public class Twin : Scaled { public override string Name => "Doubled"; }""");
        Ldnet.Run("kernels", "profile", "Scale", "--from", own).Failed(1, "Doubled and Twin call themselves Doubled");
        Ldnet.Run("kernels", "profile", "Scale", "--from", own, "--work", "twin").Succeeded();
    }

    [Fact]
    public void ABatchIsOfImplementationsAlone() =>
        Ldnet.Run("kernels", "profile", "Multiply", "--batch", "3").Failed(2, "--size batch=N");

    static Ldnet Run(params string[] arguments) => Ldnet.Run(["kernels", "study", .. arguments]);

    static JsonNode Study(params string[] arguments) =>
        Assert.Single(Run([.. arguments, "--json"]).Json["studies"]!.AsArray())!;

    static JsonArray Profiles(string kernel, params string[] arguments) =>
        Ldnet.Run(["kernels", "profile", kernel, "--from", Own, .. arguments, "--json"]).Json["profiles"]!.AsArray();

    static long Moved(JsonNode study, string implementation) =>
        study[implementation]!["moved_bytes"]!.GetValue<long>();

    // Over all lines.
    static int Bytes(JsonNode profile, string kind) => profile["lines"]!.AsArray()
        .Sum(line => line![kind] is { } counts ? counts["bytes"]!.GetValue<int>() : 0);
}
