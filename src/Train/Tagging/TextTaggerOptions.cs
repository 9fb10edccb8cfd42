namespace LdNetGpu.Train.Tagging;

/// <summary>What a <see cref="TextTagger"/> gives for each sentence.</summary>
public sealed record TextTaggerOptions
{
    /// <summary>
    /// The most likely tag sequences of each sentence in IOB2; from 2 on with their probabilities. The model's own
    /// sequences, in IOBES, that mark the same are one, their probabilities added up; twice as many of those are looked
    /// at as readings are asked for, so that a reading may lack what its least likely ones would add. Alone, it is the
    /// reading of the most likely sequence.
    /// </summary>
    /// <value>1 to 1000; 1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is not 1 to 1000.</exception>
    public int Readings
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Readings));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000, nameof(Readings));
            field = value;
        }
    } = 1;

    /// <summary>Each IOB2 tag's probability given the sentence.</summary>
    public bool WithConfidence { get; init; }

    /// <summary>Each span's probability: that it is there with exactly its words and its type.</summary>
    public bool WithSpanConfidence { get; init; }

    /// <summary>
    /// Words read before the first is answered: many fill batches, few are answered soon; 1 answers each sentence as it
    /// comes.
    /// </summary>
    /// <value>1 or more; 20,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int WindowWords
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(WindowWords));
            field = value;
        }
    } = 20_000;

    /// <summary>
    /// Words of a sentence tagged at once; a longer one is tagged in pieces of so many, each by itself: what a line of
    /// any length takes beside its text is bounded.
    /// </summary>
    /// <value>1 or more; 10,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int PieceWords
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(PieceWords));
            field = value;
        }
    } = 10_000;
}
