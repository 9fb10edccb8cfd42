using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>A batch for CRF tests: lengths 1 to T, random scores, gold tags that no constraint forbids.</summary>
sealed class CrfCase<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly CpuDevice Device;
    public readonly CrfBatch<T> Batch;
    public readonly IndexView Gold;

    /// <param name="constrained">Nothing enters the start tag K-2 or leaves the end tag K-1, as taggers have it; else
    /// all tags are usable.</param>
    /// <param name="extra">Further changes of transitions, in place.</param>
    /// <param name="threads">Threads of the device the batch lives on.</param>
    public CrfCase(int steps, int batch, int tags, double scale = 1, bool constrained = false,
        Action<double[,]>? extra = null, ulong seed = 1, int threads = 1)
    {
        Device = new CpuDevice(threads);
        var random = new RandomStream(new RandomKey(seed, (uint)(steps * 31 + batch), (uint)tags));
        var transitions = new double[tags, tags];
        for (var i = 0; i < tags; i++)
            for (var j = 0; j < tags; j++)
                transitions[i, j] = constrained && (j == tags - 2 || i == tags - 1)
                    ? double.NegativeInfinity : (float)(scale * random.NextNormal());
        extra?.Invoke(transitions);
        Batch = new CrfBatch<T>
        {
            Steps = steps,
            Batch = batch,
            StartTag = tags - 2,
            EndTag = tags - 1,
            // NaN gaps between rows and NaN in padded steps: reading either shows.
            Lengths = Views.Indices(Device,
                [.. Enumerable.Range(0, batch).Select(b => b == 0 ? steps : 1 + random.NextInt(steps))]),
            Transitions = Views.From(Device, tags, tags, (i, j) => T.CreateChecked(transitions[i, j]), tags + 1),
        };
        var lengths = Batch.Lengths.ToArray();
        Batch.Emissions = Views.From(Device, steps * batch, tags,
            (row, _) => row / batch < lengths[row % batch]
                ? T.CreateChecked((float)(scale * random.NextNormal())) : T.NaN, tags + 3);
        var free = constrained ? tags - 2 : tags;
        Gold = Views.Indices(Device,
            [.. Enumerable.Range(0, steps * batch)
                .Select(row => row / batch < lengths[row % batch] ? random.NextInt(free) : -1)]);
    }

    public CpuCrf<T> Crf => new(Device);

    public int Tags => Batch.Transitions.Columns;

    public int Length(int sentence) => Batch.Lengths.ToArray()[sentence];

    public int[] GoldOf(int sentence) =>
        [.. Enumerable.Range(0, Length(sentence)).Select(t => Gold.ToArray()[t * Batch.Batch + sentence])];

    public MatrixView<T> Column() => Views.Filled<T>(Device, Batch.Batch, 1, double.NaN, 2);

    public MatrixView<T> OfEmissions(double value = double.NaN) =>
        Views.Filled<T>(Device, Batch.Steps * Batch.Batch, Tags, value, Tags + 2);

    public MatrixView<T> OfTransitions() => Views.Filled<T>(Device, Tags, Tags, 0, Tags + 1);

    public IndexView TagsOut() => Views.Indices(Device, new int[Batch.Steps * Batch.Batch]);
}
