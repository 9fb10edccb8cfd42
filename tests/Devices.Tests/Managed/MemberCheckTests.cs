using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>
/// What a member of a struct does to memory is checked as what the kernel itself does: methods, getters, indexers,
/// references.
/// </summary>
public sealed class MemberCheckTests
{
    const int Lanes = 8;
    readonly ManagedDevice device = new();

    [Fact]
    public void AMethodWhoseLanesAllWriteOneElement()
    {
        var race = Faults(() => MemberKernels.LaunchEveryLaneWritesOneElement(device, (1, Lanes), new Row(Zeros(), 0)));
        Assert.Equal(KernelFault.Race, race.Fault);
        Assert.Equal("Values[Start + index]", race.Site.Code);
        Assert.Contains("MemberKernels.cs", race.Site.File);
    }

    [Fact]
    public void AMethodWhoseLanesWriteTheirOwn() =>
        Assert.Equal([0f, 1, 2, 3, 4, 5, 6, 7],
            After(x => MemberKernels.LaunchEachLaneWritesItsOwn(device, (1, Lanes), new Row(x, 0))));

    [Fact]
    public void AGetterAnIndexerAndAMethodThatReadWhatNobodyWrote()
    {
        var undefined = new Row(device.Allocate<float>(Lanes), 0);
        foreach (var launch in (Action[])
        [
            () => MemberKernels.LaunchReadsByGetter(device, (1, Lanes), undefined, Zeros()),
            () => MemberKernels.LaunchReadsByIndexer(device, (1, Lanes), undefined, Zeros()),
            () => MemberKernels.LaunchReadsByMethods(device, (1, Lanes), undefined, Zeros()),
        ])
            Assert.Equal(KernelFault.UninitialisedRead, Faults(launch).Fault);
    }

    [Fact]
    public void AGetterAnIndexerAndAMethodThatReadWhatIsThere()
    {
        var source = new Row(Counted(), 0);
        Assert.Equal(Enumerable.Repeat(0f, Lanes),
            After(y => MemberKernels.LaunchReadsByGetter(device, (1, Lanes), source, y)));
        Assert.Equal([0f, 1, 2, 3, 4, 5, 6, 7],
            After(y => MemberKernels.LaunchReadsByIndexer(device, (1, Lanes), source, y)));
        Assert.Equal([0f, 2, 4, 6, 8, 10, 12, 14],
            After(y => MemberKernels.LaunchReadsByMethods(device, (1, Lanes), source, y)));
    }

    [Fact]
    public void AnIndexerBehindTheEnd()
    {
        var fault =
            Faults(() => MemberKernels.LaunchReadsByIndexer(device, (1, Lanes), new Row(Counted(), 1), Zeros()));
        Assert.Equal(KernelFault.OutOfBounds, fault.Fault);
        Assert.Contains("index 8 of a view of 8 elements", fault.Message);
    }

    [Fact]
    public void AReferenceIsReadAndWrittenWhereItIsUsed()
    {
        Assert.Equal(Enumerable.Repeat(1f, Lanes),
            After(x => MemberKernels.LaunchAddsThroughAReference(device, (1, Lanes), new Row(x, 0))));
        Assert.Equal(Enumerable.Repeat(4f, Lanes),
            After(x => MemberKernels.LaunchKeepsAReference(device, (1, Lanes), new Row(x, 0))));
        Assert.Equal(Lanes,
            After(x => MemberKernels.LaunchCountsThroughAReference(device, (1, Lanes), new Row(x, 0)))[0]);
        var race =
            Faults(() => MemberKernels.LaunchEveryLaneAddsToOneReference(device, (1, Lanes), new Row(Zeros(), 0)));
        Assert.Equal(KernelFault.Race, race.Fault);
        Assert.Equal("target.At(0)", race.Site.Code);
        var undefined = Faults(() =>
            MemberKernels.LaunchAddsThroughAReference(device, (1, Lanes), new Row(device.Allocate<float>(Lanes), 0)));
        Assert.Equal(KernelFault.UninitialisedRead, undefined.Fault);
    }

    [Fact]
    public void ABarrierInAMethodIsWaitedFor()
    {
        var target = new Row(Zeros(), 0);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 0],
            After(y => MemberKernels.LaunchExchanges(device, (1, Lanes), target, y)));
        Assert.Equal(KernelFault.Race,
            Faults(() => MemberKernels.LaunchExchangesAtOnce(device, (1, Lanes), target, Zeros())).Fault);
    }

    [Fact]
    public void AGenericStructsElementsAreReferences()
    {
        using var x = device.Allocate<float>(6);
        using var y = device.Allocate<float>(6);
        x.CopyFrom([0, 1, 2, 3, 4, 5]);
        var config = new LaunchConfig(new Index2D(1, 1), new Index2D(3, 2));
        MemberKernels.LaunchTransposes(device, config, new Table<float>(x, 3), new Table<float>(y, 2));
        var values = new float[6];
        y.CopyTo(values);
        Assert.Equal([0f, 3, 1, 4, 2, 5], values);
        Assert.Equal(KernelFault.Race,
            Faults(() =>
                MemberKernels.LaunchTransposes(device, config, new Table<float>(x, 3), new Table<float>(y, 0))).Fault);
        Assert.Equal(KernelFault.UninitialisedRead, Faults(() =>
            MemberKernels.LaunchReadsTheCorner(device, (1, 3), new Table<float>(device.Allocate<float>(1), 1),
                new Table<float>(y, 2))).Fault);
    }

    [Fact]
    public void AStructWithoutConstructorTravelsAndChanges()
    {
        var cursor = new Cursor { Step = new Even(1) };
        Assert.Equal([0f, 1, 0, 2, 0, 0, 0, 0],
            After(x => MemberKernels.LaunchPushes(device, (1, 1), cursor with { Target = x, Next = 1 })));
        Assert.Equal(KernelFault.Race,
            Faults(() => MemberKernels.LaunchPushes(device, (1, 2), cursor with { Target = Zeros(), Next = 1 })).Fault);
    }

    static KernelFaultException Faults(Action launch) => Assert.Throws<KernelFaultException>(launch);

    float[] After(Action<ArrayView<float>> launch)
    {
        using var buffer = Zeros();
        launch(buffer);
        var values = new float[Lanes];
        buffer.CopyTo(values);
        return values;
    }

    DeviceBuffer<float> Zeros() => Filled(_ => 0);

    DeviceBuffer<float> Counted() => Filled(i => i);

    DeviceBuffer<float> Filled(Func<int, float> value)
    {
        var buffer = device.Allocate<float>(Lanes);
        buffer.CopyFrom([.. Enumerable.Range(0, Lanes).Select(value)]);
        return buffer;
    }
}
