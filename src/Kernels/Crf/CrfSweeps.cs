namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// The forward sweeps of a batch, kept from the loss for its gradients: passed to a call without gradients and then,
/// the operands unchanged, to one with them, it saves the second call the sweeps. Memory: about 2·K doubles a word.
/// Made by <see cref="ICrf{T}.NewSweeps"/>; empty again once the gradients have used it.
/// </summary>
public sealed class CrfSweeps : IDisposable
{
    internal CrfTransitions? Transitions { get; set; }

    /// <summary>After the forward sweep, one a sentence.</summary>
    internal CrfSentence?[] Sentences { get; set; } = [];

    /// <summary>log Z of each sentence.</summary>
    internal double[] LogPartition { get; set; } = [];

    /// <summary>The batch they are of: steps, sentences, tags, start and end tag.</summary>
    internal (int Steps, int Batch, int Tags, int StartTag, int EndTag) Of { get; set; }

    /// <summary>Throws where the sweeps that a loss has left here are of another batch.</summary>
    /// <exception cref="Devices.ShapeException">They are.</exception>
    internal void ThrowIfNotOf<T>(in CrfBatch<T> batch) where T : unmanaged
    {
        if (!IsFilled) return;
        var isOf = Of == SizesOf(batch);
        for (var sentence = 0; isOf && sentence < Sentences.Length; sentence++)
            isOf = Sentences[sentence]?.Length == batch.Lengths.Span[sentence];
        if (!isOf)
            throw new Devices.ShapeException("crf negative log-likelihood",
                "the sweeps are of another batch: make some for each.");
    }

    internal static (int, int, int, int, int) SizesOf<T>(in CrfBatch<T> batch) where T : unmanaged =>
        (batch.Steps, batch.Batch, batch.Transitions.Columns, batch.StartTag, batch.EndTag);

    /// <summary>Whether a loss has left its sweeps here.</summary>
    internal bool IsFilled => Transitions is not null;

    /// <summary>Gives the memory of the sweeps back; they may be filled again.</summary>
    public void Dispose()
    {
        foreach (var sentence in Sentences) sentence?.Dispose();
        Transitions?.Dispose();
        (Sentences, Transitions) = ([], null);
    }
}
