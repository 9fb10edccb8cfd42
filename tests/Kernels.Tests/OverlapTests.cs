using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>Shared elements of two views, against the elements counted one by one.</summary>
public sealed class OverlapTests : IDisposable
{
    const int Largest = 6;

    readonly CpuDevice device = new(1);

    public void Dispose() => device.Dispose();

    static readonly Gen<(int Offset, int Rows, int Columns, int Gap)> Places =
        from offset in Gen.Choose(0, 30)
        from rows in Gen.Choose(0, Largest)
        from columns in Gen.Choose(0, Largest)
        from gap in Gen.Choose(0, 5)
        select (offset, rows, columns, gap);

    // As likely as not of one stride, where views alternate.
    static readonly Arbitrary<((int Offset, int Rows, int Columns, int Gap) First,
        (int Offset, int Rows, int Columns, int Gap) Second)> Pairs = (
        from first in Places
        from second in Places
        from isOneStride in Gen.Elements(true, false)
        select (first, isOneStride
            ? second with { Gap = Math.Max(0, first.Columns + first.Gap - second.Columns) } : second)).ToArbitrary();

    [Fact]
    public void AgreesWithACountOfTheElements()
    {
        using var buffer = device.Allocate<float>(30 + Largest * (Largest + 5));
        var (shared, apart) = (0, 0);
        Prop.ForAll(Pairs, pair =>
        {
            MatrixView<float> first = View(buffer, pair.First), second = View(buffer, pair.Second);
            var expected = ElementsOf(first).Overlaps(ElementsOf(second));
            if (expected) shared++;
            else if (first.Count > 0 && second.Count > 0) apart++;
            return Overlap.SharesElements(first, second) == expected
                && Overlap.SharesElements(second, first) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithReplay(20180911, 7));
        Assert.True(shared > 1000 && apart > 1000, $"{shared} pairs share elements, {apart} do not");
    }

    [Fact]
    public void ViewsOfTwoBuffersShareNothing() => Assert.False(Overlap.SharesElements(
        Views.Filled<float>(device, 2, 3), Views.Filled<float>(device, 2, 3)));

    static MatrixView<float> View(DeviceBuffer<float> buffer, (int Offset, int Rows, int Columns, int Gap) place) =>
        new(buffer, place.Offset, place.Rows, place.Columns, place.Columns + place.Gap);

    static HashSet<long> ElementsOf(MatrixView<float> view) =>
    [
        .. from row in Enumerable.Range(0, view.Rows)
           from column in Enumerable.Range(0, view.Columns)
           select view.Offset + (long)row * view.RowStride + column,
    ];
}
