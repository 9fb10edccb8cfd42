namespace LdNetGpu.Train.Data;

/// <summary>
/// How the tags of a sentence spell its spans (Ramshaw and Marcus 1995; Tjong Kim Sang and Veenstra 1999; Ratinov and
/// Roth 2009). Each is read with a type behind the letter, <c>B-PER</c>, or without, <c>B</c>.
/// </summary>
public enum TagScheme
{
    /// <summary>Told from the file: the scheme that its tags break least often.</summary>
    Auto,

    /// <summary>
    /// I- on every word of a span; B- only on the first word of a span that follows one of its own type at once.
    /// </summary>
    Iob1,

    /// <summary>B- on a span's first word, I- on the others; BIO to many.</summary>
    Iob2,

    /// <summary>S- on a span of one word; else B- first, E- last, I- between; BIOES to many.</summary>
    Iobes,

    /// <summary>
    /// I- on every word of a span, and nothing else: spans of one type that touch are one, written or read.
    /// </summary>
    Io,

    /// <summary>IOBES in other letters: U- for S-, L- for E-.</summary>
    Bilou,

    /// <summary>IOBES in other letters: M- for I-.</summary>
    Bmes,

    /// <summary>IOBES in other letters: W- for S-, M- for I-.</summary>
    Bmewo,
}
