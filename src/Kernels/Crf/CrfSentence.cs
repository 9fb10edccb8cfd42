using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// One sentence's emissions of the usable tags, in double, and the memory its sweeps write to; reused from sentence to
/// sentence.
/// </summary>
sealed unsafe class CrfSentence : IDisposable
{
    readonly HostBuffer<double> memory;

    public CrfSentence(CpuDevice device, int steps, CrfTransitions transitions)
    {
        Stride = transitions.Stride;
        memory = (HostBuffer<double>)device.Allocate<double>((2L * steps + 3) * Stride + steps);
        Emissions = memory.Pointer;
        Forward = Emissions + (long)steps * Stride;
        Backward = Forward + (long)steps * Stride;
        Outgoing = Backward + Stride;
        Terms = Outgoing + Stride;
        Largest = Terms + Stride;
    }

    public int Length { get; private set; }

    public int Stride { get; }

    /// <summary>[Length x Stride], -infinity in the columns that pad.</summary>
    public double* Emissions { get; }

    /// <summary>
    /// [Length x Stride]: what the forward sweep leaves, and the backward sweep turns into marginals.
    /// </summary>
    public double* Forward { get; }

    /// <summary>[Stride]: the backward sweep's vector at one step.</summary>
    public double* Backward { get; }

    /// <summary>[Stride]: <see cref="Backward"/> joined with the emissions of its step.</summary>
    public double* Outgoing { get; }

    /// <summary>[Stride]: terms of one sum.</summary>
    public double* Terms { get; }

    /// <summary>[Length]: largest emission of each step.</summary>
    public double* Largest { get; }

    /// <summary>Largest difference of two emissions of the same step.</summary>
    public double Spread { get; private set; }

    /// <summary>Takes a sentence's emissions in.</summary>
    public void Read<T>(in CrfBatch<T> batch, int sentence, CrfTransitions transitions)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Length = batch.Lengths.Span[sentence];
        Spread = 0;
        var (count, stride) = (transitions.Count, Stride);
        var (sourceStride, sentences) = ((long)batch.Emissions.RowStride, batch.Batch);
        T* emissions = batch.Emissions.Pointer;
        fixed (int* tags = transitions.Tags)
        {
            for (var t = 0; t < Length; t++)
            {
                var source = emissions + (t * (long)sentences + sentence) * sourceStride;
                var row = Emissions + (long)t * stride;
                for (var i = 0; i < count; i++) row[i] = double.CreateTruncating(source[tags[i]]);
                for (var i = count; i < stride; i++) row[i] = row[0];
                var (least, largest) = SmallLinearAlgebra.Range(row, stride);
                for (var i = count; i < stride; i++) row[i] = double.NegativeInfinity;
                Largest[t] = largest;
                // Not Math.Max: all emissions -infinity make a NaN here, which must be as unsafe as an infinite spread.
                var spread = largest - least;
                if (!(spread <= Spread)) Spread = spread >= 0 ? spread : double.PositiveInfinity;
            }
        }
    }

    /// <summary>Subtracts 1 from the marginal of each gold tag, none of which may be forbidden.</summary>
    public void SubtractGold<T>(in CrfBatch<T> batch, ReadOnlySpan<int> tags, int sentence, CrfTransitions transitions)
        where T : unmanaged
    {
        for (var t = 0; t < Length; t++)
            Forward[(long)t * Stride + transitions.IndexOf[tags[t * batch.Batch + sentence]]] -= 1;
    }

    /// <summary>
    /// Writes or adds weight · <see cref="Forward"/> to the sentence's rows of a time-major result; unusable tags and
    /// padded steps get 0.
    /// </summary>
    public void Write<T>(MatrixView<T> result, int sentence, int sentences, int steps, CrfTransitions transitions,
        double weight, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* start = result.Pointer;
        fixed (int* tags = transitions.Tags)
        {
            for (var t = 0; t < steps; t++)
            {
                var row = start + (t * (long)sentences + sentence) * result.RowStride;
                if (!accumulate) new Span<T>(row, result.Columns).Clear();
                if (t >= Length) continue;
                var values = Forward + (long)t * Stride;
                for (var i = 0; i < transitions.Count; i++) row[tags[i]] += T.CreateTruncating(weight * values[i]);
            }
        }
    }

    public void Dispose() => memory.Dispose();
}
