using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>
/// Twenty steps of a whole model with dropout, in float beside the CPU in double: another mask, a gradient astray or an
/// optimizer that forgets would part the losses for good. And once more, to the same bits.
/// </summary>
public abstract class TrainingConformance<TDevice> : DeviceSuite<TrainingConformance<TDevice>, TDevice>
    where TDevice : ITestDevice
{
    static DeviceBackend<float> Ours => new GpuBackend<float>(Device);

    static DeviceBackend<double> Reference => new CpuBackend<double>(Host);

    const int TrainingSteps = 20;

    // Rounding errors grow from step to step, by far less than a wrong mask moves a loss.
    const double Growth = 500;

    [Fact]
    public void LanguageModelTrainsAlike()
    {
        var expected = Train(Reference);
        var found = Train(Ours);
        Tolerance.AssertClose<float>(expected.Losses, Array.ConvertAll(found.Losses, loss => (float)loss), Growth);
        Tolerance.AssertSameBits<float>(found.Weights, Train(Ours).Weights);

        static (double[] Losses, TNumber[] Weights) Train<TNumber>(DeviceBackend<TNumber> backend)
            where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            using var model = ToyTraining.LanguageModel(backend);
            using var optimizer = new Adam<TNumber>(model.Trainable(), 0.01);
            double[] losses = [
                .. Enumerable.Range(1, TrainingSteps).Select(step => ToyTraining.Step(model, optimizer, step))];
            optimizer.Flush();
            return (losses, Weights(model));
        }
    }

    [Theory, InlineData(PruneMethod.LayerWeights), InlineData(PruneMethod.SoftThreshold)]
    [InlineData(PruneMethod.GroupLasso)]
    public void TaggerTrainsAndPrunesAlike(PruneMethod method)
    {
        var expected = Train(Reference);
        var found = Train(Ours);
        Tolerance.AssertClose<float>(expected.Losses, Array.ConvertAll(found.Losses, loss => (float)loss), Growth);
        Assert.Equal(expected.Alive, found.Alive);
        Tolerance.AssertSameBits<float>(found.Weights, Train(Ours).Weights);

        (double[] Losses, TNumber[] Weights, int Alive) Train<TNumber>(DeviceBackend<TNumber> backend)
            where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            using var tagger = ToyTraining.Tagger(backend);
            var selector =
                LayerSelector<TNumber>.Create(tagger, new PruneOptions { Method = method, Layers = 2, Lambda0 = 1 });
            using var optimizer = new Sgd<TNumber>(tagger.Trainable(), 0.05, 0.9);
            double[] losses =
            [
                .. Enumerable.Range(1, TrainingSteps).Select(step =>
                    ToyTraining.Step(tagger, optimizer, ToyTagging.Batch(ToyTraining.Sentences((ulong)step, [3, 1])), 5,
                        step, selector)),
            ];
            optimizer.Flush();
            return (losses, Weights(tagger), selector.Alive);
        }
    }

    [Fact]
    public void AStepThatIsRefusedChangesNothingAndIsReportedAsOnTheCpu()
    {
        Assert.Equal(Refused(Reference), Refused(Ours));

        static string Refused<TNumber>(DeviceBackend<TNumber> backend)
            where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            using var model = ToyTraining.LanguageModel(backend);
            using var optimizer = new Adam<TNumber>(model.Trainable(), 0.01);
            for (var step = 1; step <= 3; step++) ToyTraining.Step(model, optimizer, step);
            using var scope = new TensorScope();
            using var tape = new Tape<TNumber>();
            IntTensor inputs = new(backend.Device, [0, 1, 2, 3]), targets = new(backend.Device, [1, 2, 3, 4]);
            var loss = model.Losses(inputs, targets, 4, 1, null, ForwardContext.Training(1, 4)).Losses.Mean();
            var before = Everything();
            tape.Backward(loss.Add(model.Trainable().Last().Parameter.Sum().Scale(double.PositiveInfinity)));
            var error = Assert.Throws<DivergedException>(() =>
            {
                optimizer.Step(clipNorm: 5, loss);
                optimizer.Outcome();
            });
            Assert.Equal(before.Numbers, Everything().Numbers);
            Assert.Equal(before.Steps, Everything().Steps);
            Assert.Equal(3, optimizer.StepsTaken);
            return error.Message;

            (TNumber[] Numbers, int[] Steps) Everything() => (
                [.. Weights(model), .. optimizer.State.SelectMany(state => state.Gather())],
                [.. optimizer.RowSteps.SelectMany(
                    rows => new IndexView(rows.Steps, 0, (int)rows.Steps.Length).ToArray())]);
        }
    }

    static TNumber[] Weights<TNumber>(Module<TNumber> module)
        where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
        [.. module.Parameters().SelectMany(entry => entry.Parameter.ToArray())];
}

public sealed class ManagedTraining : TrainingConformance<OnManaged>;
public sealed class OpenClTraining : TrainingConformance<OnOpenCl>;
public sealed class CudaTraining : TrainingConformance<OnCuda>;
public sealed class CudaByIlgpuTraining : TrainingConformance<OnCudaByIlgpu>;
