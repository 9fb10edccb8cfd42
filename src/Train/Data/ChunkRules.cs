namespace LdNetGpu.Train.Data;

/// <summary>
/// Where chunks start and end in any row of tags, valid or not: the rules of conlleval (Tjong Kim Sang and Buchholz,
/// CoNLL-2000), on which every published score rests.
/// </summary>
/// <remarks>
/// conlleval knows B, I, E, O and the brackets. On IOBES it lets a span that starts with B- right after an E- of its
/// type melt into it and does not know S-, so tags pass through <see cref="ToIob2"/> first.
/// </remarks>
static class ChunkRules
{
    /// <summary>A chunk of <paramref name="previous"/> ends before <paramref name="current"/>.</summary>
    public static bool Ends(Tag previous, Tag current) =>
        (previous.Prefix, current.Prefix) is ("B" or "I", "B" or "O") or ("E", "E" or "I" or "O")
        || (previous.Prefix is not ("O" or ".") && previous.Type != current.Type)
        || previous.Prefix is "[" or "]";

    /// <summary>A chunk starts with <paramref name="current"/>.</summary>
    public static bool Starts(Tag previous, Tag current) =>
        (previous.Prefix, current.Prefix) is ("B" or "I" or "O", "B") or ("O", "I" or "E") or ("E", "E" or "I")
        || (current.Prefix is not ("O" or ".") && previous.Type != current.Type)
        || current.Prefix is "[" or "]";

    /// <summary>
    /// The IOB prefix of a tag of any scheme, from it and the raw tag before it: S- is B-; E- is I-; an I- or E- that
    /// follows an E- or S- of its type starts a new chunk and is B-; BILOU's, BMES's and BMEWO's letters count as those
    /// of IOBES. Other tags stay as they are.
    /// </summary>
    public static Tag ToIob2(Tag previous, Tag current)
    {
        var (before, here) = (previous.InIobes, current.InIobes);
        return here.Prefix switch
        {
            "S" => here with { Prefix = "B" },
            "I" or "E" => here with { Prefix = before.Prefix is "E" or "S" && before.Type == here.Type ? "B" : "I" },
            _ => here,
        };
    }
}
