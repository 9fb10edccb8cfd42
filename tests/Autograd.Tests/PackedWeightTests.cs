using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

/// <summary>
/// Frozen weights that are kept packed: the same bits, dropped with every change, and no more memory than the weights'.
/// </summary>
public class PackedWeightTests
{
    const int Inputs = 5, Hidden = 3, Steps = 4, Batch = 2;
    readonly CpuDevice device = new(1);
    readonly CpuBackend<float> backend;
    readonly RecurrentWeights<float> weights;
    readonly float[] input = Numbers(Steps * Batch * Inputs, 0);

    public PackedWeightTests()
    {
        backend = new(device);
        var site = 0u;
        weights = RecurrentWeights<float>.Of(RecurrentUnit.Lstm, Inputs, Hidden, (_, shape) => Weight(++site, shape));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FrozenGivesTheBitsOfTrainable(bool dense)
    {
        var trainable = Run(dense);
        Freeze();
        Assert.Equal(trainable, Run(dense));
        Assert.Equal(trainable, Run(dense));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AChangedWeightIsPackedAnew(bool dense)
    {
        Freeze();
        var before = Run(dense);
        weights.InputWeight.CopyFrom(Numbers((int)weights.InputWeight.Shape.Count, 9));
        var after = Run(dense);
        Assert.NotEqual(before, after);
        weights.InputWeight.RequiresGradient = true;
        Assert.Equal(after, Run(dense));
    }

    [Fact]
    public void ThePackIsKeptOnceAndGoesWithTheWeight()
    {
        Run(dense: true);
        var trainable = device.Counters.LiveBytes;
        Freeze();
        Run(dense: true);
        var packed = device.Counters.LiveBytes;
        Assert.True(packed > trainable, "nothing was kept");
        Run(dense: true);
        Run(dense: false);
        Assert.Equal(packed, device.Counters.LiveBytes);
        weights.InputWeight.RequiresGradient = true;
        Run(dense: true);
        Assert.Equal(trainable, device.Counters.LiveBytes);
        Freeze();
        Run(dense: true);
        foreach (var weight in weights.All.Cast<Parameter<float>>()) weight.Dispose();
        Assert.Equal(0, device.Counters.LiveBytes);
    }

    float[] Run(bool dense)
    {
        using var scope = new TensorScope();
        var x = Tensor.From<float>(backend, input, new Shape(Steps, Batch, Inputs));
        return dense ? x.DenseRecurrent([weights], new DenseRecurrentOptions<float>()).Output.ToArray()
            : x.Recurrent(weights).Hidden.ToArray();
    }

    void Freeze() => weights.InputWeight.RequiresGradient = false;

    Parameter<float> Weight(uint site, Shape shape)
    {
        var parameter = new Parameter<float>(backend, shape);
        parameter.CopyFrom(Numbers((int)shape.Count, site));
        return parameter;
    }

    static float[] Numbers(int count, uint site)
    {
        var random = new RandomStream(new RandomKey(1, 0, site));
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }
}
