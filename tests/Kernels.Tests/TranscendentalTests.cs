using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

/// <summary>
/// The recurrence's own exponential functions, read off a plain recurrent unit and an LSTM gate, against the library in
/// double.
/// </summary>
public class TranscendentalTests
{
    [Fact]
    public void FloatTanhIsWithinThreeUlp() => Check<float>(RecurrentUnit.Tanh, 0, -12, 12, Math.Tanh, 3);

    [Fact]
    public void FloatSigmoidIsWithinThreeUlp() => Check<float>(RecurrentUnit.Lstm, 0, -87, 40, Sigmoid, 3);

    [Fact]
    public void DoubleTanhIsWithinFourUlp() => Check<double>(RecurrentUnit.Tanh, 0, -20, 20, Math.Tanh, 4);

    [Fact]
    public void DoubleSigmoidIsWithinFourUlp() => Check<double>(RecurrentUnit.Lstm, 0, -700, 40, Sigmoid, 4);

    [Theory]
    [InlineData(-1e30, 0, -1), InlineData(1e30, 1, 1), InlineData(double.NegativeInfinity, 0, -1)]
    [InlineData(double.PositiveInfinity, 1, 1), InlineData(double.NaN, double.NaN, double.NaN), InlineData(0, 0.5, 0)]
    public void ExtremesStayFinite(double x, double sigmoid, double tanh)
    {
        foreach (var actual in Values<float>(RecurrentUnit.Lstm, 0, [(float)x])) Assert.Equal(sigmoid, actual, 1e-37);
        foreach (var actual in Values<float>(RecurrentUnit.Tanh, 0, [(float)x])) Assert.Equal(tanh, actual);
        foreach (var actual in Values<double>(RecurrentUnit.Lstm, 0, [x])) Assert.Equal(sigmoid, actual, 1e-300);
        foreach (var actual in Values<double>(RecurrentUnit.Tanh, 0, [x])) Assert.Equal(tanh, actual);
    }

    static void Check<T>(RecurrentUnit unit, int gate, double from, double to, Func<double, double> function,
        double ulps)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int Count = 20_001;
        var near = Enumerable.Range(0, Count).Select(i => T.CreateChecked(from + (to - from) * i / (Count - 1)));
        var small = Enumerable.Range(1, 2_000)
            .Select(i => T.CreateChecked((i % 2 == 0 ? 1 : -1) * Math.Pow(10, -i / 100.0)));
        T[] inputs = [.. near, .. small];
        var outputs = Values(unit, gate, inputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = function(double.CreateChecked(inputs[i]));
            var rounded = T.Abs(T.CreateChecked(expected));
            var ulp = double.CreateChecked(T.BitIncrement(rounded) - rounded);
            Assert.True(Math.Abs(expected - outputs[i]) <= ulps * ulp,
                $"{unit} of {inputs[i]:R} is {outputs[i]:R}, "
                + $"not {expected:R}: {Math.Abs(expected - outputs[i]) / ulp:F2} ulp.");
        }
    }

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // One step from zero states with the inputs as the gate sums, in rows whose length takes every vector width in
    // turn.
    static double[] Values<T>(RecurrentUnit unit, int gate, T[] inputs) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int Size = 37;
        using var device = new CpuDevice(1);
        var rows = (inputs.Length + Size - 1) / Size;
        var gates = Views.From(device, rows, unit.Traits().Gates * Size, (row, column) =>
            column / Size == gate ? inputs[(row * Size + column % Size) % inputs.Length] : T.Zero);
        new CpuRecurrence<T>(device, new CpuGemm<T>(device)).Forward(new RecurrenceForward<T>
        {
            Shape = new RecurrenceShape(unit, 1, rows, Size),
            Gates = gates,
            RecurrentWeight = Views.Filled<T>(device, unit.Traits().Gates * Size, Size),
            Hidden = Views.Filled<T>(device, rows, Size),
        });
        return gates.SliceColumns(gate * Size, Size).ToDoubles();
    }
}
