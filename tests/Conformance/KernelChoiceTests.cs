using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Tests;

/// <summary>
/// Which of an operation's kernels is used, by device, precision, sizes and the operands' place in memory.
/// </summary>
public class KernelChoiceTests
{
    static readonly GpuCapabilities Ampere =
        new() { ComputeCapability = 80, SupportsDouble = true, HasWarpOperations = true, WarpSize = 32 };
    static readonly GpuCapabilities Portable = new() { SupportsDouble = true };

    static KernelOperation Operation(string name) => KernelVariants.All.Single(operation => operation.Name == name);

    static KernelQuery Query(GpuCapabilities device, KernelChoice choice, int columns = 64, int rows = 64,
        int depth = 100) =>
        new(device, typeof(float), choice, rows, columns, depth) { HasRowsOn16Bytes = true, IsContiguous = true };

    [Fact]
    public void EveryOperationEndsInAKernelThatRunsEverywhere()
    {
        Assert.Distinct(KernelVariants.All.Select(operation => operation.Name));
        foreach (var operation in KernelVariants.All)
        {
            Assert.True(operation.Variants.Count > 1);
            Assert.Empty(operation.Portable.When);
            Assert.All(operation.Variants.SkipLast(1), variant => Assert.NotEmpty(variant.When));
            Assert.All(KernelCatalog.All.Where(operation.Portable.Runs), kernel => Assert.NotNull(kernel.OpenCl));
        }
    }

    [Theory]
    [InlineData("matrix product", "TensorCoreGemmKernels.Multiply", ProductPrecision.Tf32, 100)]
    [InlineData("matrix product", "GemmKernels.Multiply", ProductPrecision.Float32, 100)]
    [InlineData("crf forward", "WarpCrfKernels.Forward", ProductPrecision.Float32, 32)]
    [InlineData("crf forward", "CrfKernels.Forward", ProductPrecision.Float32, 33)]
    [InlineData("cross-entropy", "VectorCrossEntropyKernels.Forward", ProductPrecision.Float32, 100)]
    [InlineData("lstm step", "LstmStepKernels.Forward", ProductPrecision.Float32, 300)]
    [InlineData("lstm step", "LstmKernels.Forward", ProductPrecision.Tf32, 300)]
    [InlineData("adam step", "AdamAllKernels.Adam", ProductPrecision.Float32, 300)]
    [InlineData("gradient norm", "ClippingKernels.SquareBlocks", ProductPrecision.Float32, 300)]
    public void ChoiceFollowsTheDeviceAndTheSizes(string name, string kernel, ProductPrecision math, int columns)
    {
        var operation = Operation(name);
        Assert.Equal(kernel, operation.Choose(Query(Ampere, new(math), columns)).Kernel);
        // So that the suites on the managed device check them.
        Assert.Equal(kernel, operation.Choose(Query(new ManagedDevice().Capabilities, new(math), columns)).Kernel);
        Assert.Same(operation.Portable, operation.Choose(Query(Ampere, new(math, PortableOnly: true), columns)));
    }

    [Theory]
    [InlineData("matrix product"), InlineData("crf forward"), InlineData("crf backward"), InlineData("viterbi")]
    [InlineData("lstm step")]
    [InlineData("cross-entropy"), InlineData("cross-entropy backward")]
    public void WhatADeviceDoesNotOfferIsNotUsed(string name) =>
        Assert.Same(Operation(name).Portable,
            Operation(name)
                .Choose(
                    Query(Portable, new(name == "lstm step" ? ProductPrecision.Float32 : ProductPrecision.Tf32), 20)));

    [Theory, InlineData("matrix product"), InlineData("cross-entropy"), InlineData("cross-entropy backward")]
    public void KernelsOfFloatsAreNotUsedForDoubles(string name) =>
        Assert.Same(Operation(name).Portable,
            Operation(name).Choose(Query(Ampere, new(ProductPrecision.Tf32)) with { Element = typeof(double) }));

    [Theory]
    [InlineData("cross-entropy", false, true), InlineData("cross-entropy backward", false, true)]
    [InlineData("adam step", true, false), InlineData("gradient norm", true, false)]
    public void PlaceInMemoryIsPartOfTheCondition(string name, bool hasRowsOn16Bytes, bool isContiguous)
    {
        var query = Query(Ampere, KernelChoice.Default);
        Assert.True(Operation(name).IsTaken(query));
        Assert.Same(Operation(name).Portable,
            Operation(name).Choose(query with { HasRowsOn16Bytes = hasRowsOn16Bytes, IsContiguous = isContiguous }));
    }

    [Fact]
    public void ProductWithoutDepthAndManySequencesAreLeftToThePortableKernel()
    {
        Assert.False(Operation("matrix product").IsTaken(Query(Ampere, new(ProductPrecision.Tf32), depth: 0)));
        Assert.False(Operation("lstm step").IsTaken(Query(Ampere, KernelChoice.Default, rows: 65)));
    }

    [Fact]
    public void ListReadsAsASentence() => Assert.Equal(
        "crf forward: WarpCrfKernels.Forward is used when there are at most 32 tags and the device offers Warp; else "
        + "CrfKernels.Forward.",
        Operation("crf forward").ToString());

    [Fact]
    public void ChoiceAllocatesNothing()
    {
        var query = Query(Ampere, new(ProductPrecision.Tf32));
        var operations = KernelVariants.All.ToArray();
        foreach (var operation in operations) operation.Choose(query);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var operation in operations) operation.Choose(query);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
