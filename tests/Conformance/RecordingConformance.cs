using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

/// <summary>
/// A whole training step recorded once and replayed on changing input: losses and parameters of ordinary steps, to the
/// bit.
/// </summary>
public abstract class RecordingConformance<TDevice> : DeviceSuite<RecordingConformance<TDevice>, TDevice>
    where TDevice : ITestDevice
{
    const int Words = 11, Width = 5, Hidden = 4, Layers = 2, Steps = 3, Batch = 2, StepsTaken = 21;

    static DeviceBackend<float> Backend => new GpuBackend<float>(Device);

    [Fact]
    public void ReplaysAreOrdinarySteps()
    {
        using var ordinary = new Toy(Backend);
        using var recorded = new Toy(Backend);
        double[] expected = [.. Enumerable.Range(0, StepsTaken).Select(step => ordinary.Step(step).Loss)];
        var norms = new List<double>();

        double[] losses = [recorded.Step(0).Loss];
        using (var work = Device.Record(recorded.Run))
        {
            var live = Device.Counters.LiveBuffers;
            for (var step = 1; step < StepsTaken; step++)
            {
                recorded.Choose(step);
                recorded.Optimizer.PrepareReplay();
                work.Replay();
                // Memory taken from the device in between is none that replays write to.
                using (var between = Device.Allocate<float>(Words * Width)) between.CopyFrom(new float[Words * Width]);
                var outcome = recorded.Optimizer.Outcome();
                losses = [.. losses, outcome.Loss];
                norms.Add(outcome.GradientNorm);
            }
            Assert.Equal(live, Device.Counters.LiveBuffers);
        }
        Assert.Equal(expected, losses);
        Assert.True(losses[^1] < losses[0]);
        // Some steps are clipped, some are not.
        Assert.Contains(norms, norm => norm > Toy.ClipNorm);
        Assert.Contains(norms, norm => norm < Toy.ClipNorm);
        Assert.Equal(ordinary.Numbers(), recorded.Numbers());
        // And the model trains on without the recording.
        Assert.Equal(ordinary.Step(StepsTaken), recorded.Step(StepsTaken));
        Assert.Equal(ordinary.Numbers(), recorded.Numbers());
    }

    [Fact]
    public void AReplayThatIsRefusedChangesNothing()
    {
        using var toy = new Toy(Backend);
        toy.Step(0);
        using var work = Device.Record(toy.Run);
        toy.Optimizer.PrepareReplay();
        work.Replay();
        toy.Optimizer.Outcome();
        toy.Parameters.Last().Parameter.CopyFrom([.. Enumerable.Repeat(float.NaN, Words)]);
        var before = toy.Numbers();
        for (var step = 0; step < 2; step++)
        {
            toy.Optimizer.PrepareReplay();
            work.Replay();
        }
        Assert.Contains("loss is NaN", Assert.Throws<DivergedException>(() => toy.Optimizer.Outcome()).Message);
        Assert.Equal(2, toy.Optimizer.StepsTaken);
        Assert.Equal(before, toy.Numbers());
    }

    [Fact]
    public void WhatNoReplayCouldRepeatIsRefusedByName()
    {
        using var scope = new TensorScope();
        using var table = new Parameter<float>(Backend, new Shape(3, 2), byRows: true);
        using var optimizer = new Adam<float>([("table", table)]);
        var x = Tensor.Full(Backend, new Shape(2, 2), 1f);
        var indices = IntTensor.Changing(Device, 2, 3);
        Refuses("copy to the host", () => x.ToArray());
        Refuses("copy from the host", () => x.CopyFrom([1, 2, 3, 4]));
        Refuses("waiting", Device.Synchronize);
        Refuses("timing", () => Device.Time(() => { }));
        Refuses("Dropout: ", () => x.Dropout(0.5f, new RandomKey(1, 1, 1)));
        Refuses("GatherRows, backward: ", () =>
        {
            using var tape = new Tape<float>();
            tape.Backward(table.GatherRows(indices).Sum());
        });
        // The device goes on.
        Assert.Equal([2f, 2f, 2f, 2f], x.Add(x).ToArray());

        static void Refuses(string what, Action action) =>
            Assert.Contains(what, Assert.Throws<RecordingException>(() => Device.Record(action).Dispose()).Message);
    }

    [Fact]
    public void IndicesThatChangeAreCheckedWhenTheyAreSet()
    {
        using var scope = new TensorScope();
        var indices = IntTensor.Changing(Device, 4, 3);
        var table = Tensor.From<float>(Backend, [1, 2, 3], new Shape(3, 1));
        indices.Set([2, -1, 0, 2]);
        Assert.Equal([3f, 0, 1, 3], table.GatherRows(indices).ToArray());
        Assert.Throws<ShapeException>(() => indices.Set([0, 0, 3, 0]));
        Assert.Throws<ShapeException>(() => indices.Set([0]));
        Assert.Throws<InvalidOperationException>(() => new IntTensor(Device, [1]).Set([0]));
        Assert.Throws<ShapeException>(() => Tensor.From<float>(Backend, [1, 2], new Shape(2, 1)).GatherRows(indices));
    }

    /// <summary>Embedding, dense LSTM, cross-entropy over all words; Adam with clipping.</summary>
    sealed class Toy : IDisposable
    {
        public const double ClipNorm = 0.5;
        readonly IntTensor inputs, targets;
        readonly RecurrentWeights<float>[] layers;

        public Toy(DeviceBackend<float> backend)
        {
            (inputs, targets) = (IntTensor.Changing(backend.Device, Steps * Batch, Words),
                IntTensor.Changing(backend.Device, Steps * Batch, Words));
            List<(string Name, Parameter<float> Parameter)> parameters = [("embedding", New(Words, Width))];
            layers = new RecurrentWeights<float>[Layers];
            for (var l = 0; l < Layers; l++)
            {
                layers[l] = RecurrentWeights<float>.Of(RecurrentUnit.Lstm, Width + l * Hidden, Hidden,
                    (_, shape) => New([.. shape.Sizes]));
                parameters.AddRange(layers[l].All.Select((weight, i) => ($"layer {l}, {i}", (Parameter<float>)weight)));
            }
            parameters.AddRange([("output weight", New(Words, Width + Layers * Hidden)), ("output bias", New(Words))]);
            Parameters = parameters;
            Optimizer = new Adam<float>(Parameters, 0.05);

            Parameter<float> New(params int[] sizes)
            {
                var parameter = new Parameter<float>(backend, new Shape(sizes));
                var key = new RandomKey(7, 0, (uint)sizes.Aggregate(1, (a, b) => 31 * a + b));
                parameter.CopyFrom(
                    [.. Enumerable.Range(0, (int)parameter.Shape.Count).Select(i => key.Uniform(i) - 0.5f)]);
                return parameter;
            }
        }

        public IReadOnlyList<(string Name, Parameter<float> Parameter)> Parameters { get; }

        public Adam<float> Optimizer { get; }

        /// <summary>
        /// Words that repeat within a batch, others at each step; one that does not count. The learning rate falls half
        /// way.
        /// </summary>
        public void Choose(int step)
        {
            Optimizer.LearningRate = step < StepsTaken / 2 ? 0.05 : 0.02;
            int[] words = [.. Enumerable.Range(0, Steps * Batch).Select(i => (i * i + 3 * (step % 4)) % Words)];
            inputs.Set(words);
            targets.Set([.. words.Select((word, i) => i == step % words.Length ? -1 : (word + 1) % Words)]);
        }

        public StepOutcome Step(int step)
        {
            Choose(step);
            Run();
            return Optimizer.Outcome();
        }

        public void Run()
        {
            using var scope = new TensorScope();
            using var tape = new Tape<float>();
            var embedded = Parameters[0].Parameter.GatherRows(inputs, Steps, Batch);
            var states = embedded.DenseRecurrent(layers, new()).Output;
            var loss = states.Linear(Parameters[^2].Parameter, Parameters[^1].Parameter).CrossEntropy(targets).Mean();
            tape.Backward(loss);
            Optimizer.Step(ClipNorm, loss);
        }

        public float[] Numbers() =>
            [.. Parameters.SelectMany(entry => entry.Parameter.ToArray()),
                .. Optimizer.State.SelectMany(state => state.Gather())];

        public void Dispose()
        {
            Optimizer.Dispose();
            foreach (var (_, parameter) in Parameters) parameter.Dispose();
            inputs.Dispose();
            targets.Dispose();
        }
    }
}

public sealed class ManagedRecording : RecordingConformance<OnManaged>;
public sealed class OpenClRecording : RecordingConformance<OnOpenCl>;
public sealed class CudaRecording : RecordingConformance<OnCuda>;
public sealed class CudaByIlgpuRecording : RecordingConformance<OnCudaByIlgpu>;
