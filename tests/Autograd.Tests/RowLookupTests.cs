using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

/// <summary>Recurrences over rows looked up, against the same over the rows spread out.</summary>
public class RowLookupTests
{
    const int Inputs = 5, Hidden = 3, Steps = 7, Batch = 3;
    static readonly int[] Ids = [.. Enumerable.Range(0, Steps * Batch).Select(i => i * i % 6 - 1)];
    readonly CpuBackend<double> backend = new(new CpuDevice(1));

    [Fact]
    public void SpreadGivesTheTablesRowsAndZerosForNoId()
    {
        using var scope = new TensorScope();
        var table = Numbers(0, 6, Inputs);
        var lookup = RowLookup<double>.Of(table, Ids, Steps, Batch);
        Assert.Equal(Ids.Distinct().Count(), lookup.Rows.Shape.Rows);
        Assert.Equal(table.GatherRows(new IntTensor(backend.Device, Ids), Steps, Batch).ToArray(),
            lookup.Spread().ToArray());
        Assert.Equal(new double[Inputs], lookup.Spread().ToArray()[..Inputs]);
    }

    public static MatrixTheoryData<RecurrentUnit, bool> Layers => new(Enum.GetValues<RecurrentUnit>(), [false, true]);

    [Theory, MemberData(nameof(Layers))]
    public void ALayerGivesWhatItGivesForTheSequence(RecurrentUnit unit, bool reverse)
    {
        using var scope = new TensorScope();
        var lookup = RowLookup<double>.Of(Numbers(0, 6, Inputs), Ids, Steps, Batch);
        var lengths = new IntTensor(backend.Device, [7, 3, 5]);
        var weights = Weights(unit, 1, Inputs);
        AssertClose(lookup.Spread().Recurrent(weights, lengths, reverse).Hidden,
            lookup.Recurrent(weights, lengths, reverse));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADenseStackGivesWhatItGivesForTheSequence(bool frozen)
    {
        using var scope = new TensorScope();
        var lookup = RowLookup<double>.Of(Numbers(0, 6, Inputs), Ids, Steps, Batch);
        RecurrentWeights<double>[] layers = [.. Enumerable.Range(0, 3)
            .Select(l => Weights(RecurrentUnit.Lstm, (uint)(10 * l + 1), Inputs + l * Hidden))];
        foreach (var layer in layers) layer.InputWeight.RequiresGradient = !frozen;
        var options = new DenseRecurrentOptions<double> { Lengths = new IntTensor(backend.Device, [7, 3, 5]),
            LayerScale = Numbers(90, 3) };
        AssertClose(lookup.Spread().DenseRecurrent(layers, options).Output,
            lookup.DenseRecurrent(layers, options).Output);
    }

    [Fact]
    public void WeightsOfADenseStackGetTheGradientsOfTheSequence()
    {
        using var scope = new TensorScope();
        var table = Numbers(0, 6, Inputs);
        RecurrentWeights<double>[] layers = [Weights(RecurrentUnit.Lstm, 1, Inputs),
            Weights(RecurrentUnit.Lstm, 11, Inputs + Hidden)];
        Tensor<double>[] weights = [.. layers.SelectMany(layer => layer.All)];
        AssertClose(Gradients(spread: true), Gradients(spread: false));

        double[][] Gradients(bool spread)
        {
            using var tape = new Tape<double>();
            var lookup = RowLookup<double>.Of(table, Ids, Steps, Batch);
            var options = new DenseRecurrentOptions<double>();
            var (output, _) = spread
                ? lookup.Spread().DenseRecurrent(layers, options) : lookup.DenseRecurrent(layers, options);
            tape.Backward(output.Multiply(Numbers(91, Steps, Batch, Inputs + 2 * Hidden)).Sum());
            return [.. weights.Select(weight =>
            {
                var gradient = new double[weight.Shape.Count];
                weight.Gradient.Buffer.CopyTo(gradient, weight.Gradient.Offset);
                weight.ClearGradient();
                return gradient;
            })];
        }
    }

    [Fact]
    public void ARowThatWantsAGradientIsRefused()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var table = Numbers(0, 6, Inputs);
        table.RequiresGradient = true;
        var lookup = RowLookup<double>.Of(table, Ids, Steps, Batch);
        var layer = Weights(RecurrentUnit.Lstm, 1, Inputs);
        Assert.Contains("looked up", Assert.Throws<ShapeException>(() => lookup.Recurrent(layer)).Message);
        Assert.Contains("looked up",
            Assert.Throws<ShapeException>(
                () => lookup.DenseRecurrent([layer], new DenseRecurrentOptions<double>())).Message);
    }

    RecurrentWeights<double> Weights(RecurrentUnit unit, uint site, int inputs) =>
        RecurrentWeights<double>.Of(unit, inputs, Hidden, (_, shape) => Weight(site++, shape));

    Parameter<double> Weight(uint site, Shape shape)
    {
        var parameter = new Parameter<double>(backend, shape);
        parameter.CopyFrom(Numbers(site, [.. shape.Sizes]).ToArray());
        return parameter;
    }

    Tensor<double> Numbers(uint site, params int[] sizes)
    {
        var random = new RandomStream(new RandomKey(1, 0, site));
        var shape = new Shape(sizes);
        return Tensor.From(backend, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextNormal())], shape);
    }

    static void AssertClose(Tensor<double> expected, Tensor<double> actual) =>
        AssertClose([expected.ToArray()], [actual.ToArray()]);

    static void AssertClose(double[][] expected, double[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Contains(expected[i], value => value != 0);
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }
}
