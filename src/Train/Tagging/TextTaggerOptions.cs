namespace LdNetGpu.Train.Tagging;

/// <summary>What a <see cref="TextTagger"/> gives for each sentence.</summary>
public sealed record TextTaggerOptions
{
    /// <summary>The most likely tag sequences of each sentence; from 2 on with their probabilities.</summary>
    public int Readings { get; init; } = 1;

    /// <summary>Each tag's probability given the sentence.</summary>
    public bool WithConfidence { get; init; }

    /// <summary>
    /// Words read before the first is answered: many fill batches, few are answered soon; 1 answers each sentence as it
    /// comes.
    /// </summary>
    public int WindowWords { get; init; } = 20_000;
}
