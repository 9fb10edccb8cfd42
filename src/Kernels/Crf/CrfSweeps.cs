namespace LdNetGpu.Kernels;

/// <summary>
/// The forward sweeps of a batch, kept from the loss for its gradients: passed to a call without gradients and then, the operands unchanged, to one
/// with them, it saves the second call the sweeps. Memory: about 2·K doubles a word. Made by <see cref="ICrf{T}.NewSweeps"/>; empty again once the
/// gradients have used it.
/// </summary>
public sealed class CrfSweeps : IDisposable
{
    internal CrfTransitions? Transitions { get; set; }

    /// <summary>After the forward sweep, one a sentence.</summary>
    internal CrfSentence?[] Sentences { get; set; } = [];

    /// <summary>log Z of each sentence, and the score of its gold tags.</summary>
    internal double[] LogPartition { get; set; } = [];

    internal double[] Gold { get; set; } = [];

    /// <summary>Whether a loss has left its sweeps here.</summary>
    internal bool IsFilled => Transitions is not null;

    public void Dispose()
    {
        foreach (var sentence in Sentences) sentence?.Dispose();
        Transitions?.Dispose();
        (Sentences, Transitions) = ([], null);
    }
}
