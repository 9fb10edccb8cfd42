namespace LdNetGpu.Train.Data;

/// <summary>
/// How the tags of a sentence spell its spans (Ramshaw and Marcus 1995; Tjong Kim Sang and Veenstra 1999).
/// </summary>
public enum TagScheme
{
    /// <summary>Told from the file: the scheme that its tags break least often.</summary>
    Auto,

    /// <summary>
    /// I- on every word of a span; B- only on the first word of a span that follows one of its own type at once.
    /// </summary>
    Iob1,

    /// <summary>B- on a span's first word, I- on the others.</summary>
    Iob2,

    /// <summary>S- on a span of one word; else B- first, E- last, I- between.</summary>
    Iobes,
}
