using System.Numerics;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory, MemberData(nameof(Sizes))]
    public void Elementwise(int rows, int columns, int gap)
    {
        var (a, b, row, factor) = (Operand.Random(rows, columns, 1, gap), Operand.Random(rows, columns, 2, gap + 1),
            Operand.Random(1, columns, 3), Operand.Filled(1, 1, -1.75f));
        Operand[] outputs = [
            .. Enumerable.Range(0, 10).Select(i => Operand.Random(rows, columns, 10 + (ulong)i, gap + i % 2))];
        Work(Ours);
        Work(Reference);
        foreach (var output in outputs) Check(output, k: 4);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var elementwise = side.Backend.Elementwise;
            elementwise.Fill(side[outputs[0]], Side<TNumber>.Number(0.25));
            elementwise.Copy(side[a], side[outputs[1]]);
            elementwise.Add(side[a], side[b], side[outputs[2]]);
            elementwise.Multiply(side[a], side[b], side[outputs[3]]);
            elementwise.Multiply(side[a], side[b], side[outputs[4]], accumulate: true);
            elementwise.Scale(Side<TNumber>.Number(-2.5), side[a], side[outputs[5]]);
            elementwise.Scale(side[factor], side[a], side[outputs[6]], accumulate: true);
            elementwise.AddRow(side[a], side[row], side[outputs[7]]);
            elementwise.Scale(Side<TNumber>.Number(-2.5), side[a], side[outputs[9]], accumulate: true);
            // In place.
            elementwise.Add(side[outputs[8]], side[b], side[outputs[8]]);
        }
    }

    public static TheoryData<Unary> Functions => [.. Enum.GetValues<Unary>()];

    [Theory, MemberData(nameof(Functions))]
    public void FunctionsAndTheirGradients(Unary function)
    {
        var input = Operand.Random(13, 31, 1, gap: 2, low: function == Unary.Log ? 0.1f : -4, high: 4);
        var output = Operand.Filled(13, 31, 9, gap: 1);
        var cotangent = Operand.Random(13, 31, 2, gap: 3);
        var (written, added) = (Operand.Filled(13, 31, 9), Operand.Random(13, 31, 3, gap: 4));
        Work(Ours);
        Work(Reference);
        Check(output, scale: 4);
        // A gradient is computed from the output of its own side, whose rounding it scales.
        Check(written, k: 16, scale: 16);
        Check(added, k: 16, scale: 16);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Elementwise.Map(function, side[input], side[output]);
            side.Backend.Elementwise.MapBackward(function, side[input], side[output], side[cotangent], side[written],
                accumulate: false);
            side.Backend.Elementwise.MapBackward(function, side[input], side[output], side[cotangent], side[added],
                accumulate: true);
        }
    }

    [Fact]
    public void SaturatedFunctionsReachTheirLimits()
    {
        var input = Operand.Of(1, 6, -1000, -90, 0, 90, 1000, float.NaN);
        Operand[] outputs = [.. Enumerable.Range(0, 3).Select(_ => Operand.Filled(1, 6, 9))];
        Work(Ours);
        Work(Reference);
        foreach (var output in outputs) Check(output);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Elementwise.Map(Unary.Sigmoid, side[input], side[outputs[0]]);
            side.Backend.Elementwise.Map(Unary.Tanh, side[input], side[outputs[1]]);
            side.Backend.Elementwise.Map(Unary.Relu, side[input], side[outputs[2]]);
        }
    }

    [Fact]
    public void UnequalShapesAreRefused()
    {
        var (a, b) = (Operand.Random(3, 4, 1), Operand.Random(4, 3, 2));
        BothRefuse(() => Add(Ours), () => Add(Reference));
        BothRefuse(() => Scale(Ours), () => Scale(Reference));

        void Add<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Elementwise.Add(side[a], side[b], side[a]);
        void Scale<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Elementwise.Scale(side[b], side[a], side[a]);
    }
}
