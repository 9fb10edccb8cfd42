namespace LdNetGpu.Train.Data;

/// <summary>Which choice of the reader, made otherwise, may mend what an <see cref="InputException"/> says.</summary>
public enum InputRemedy
{
    /// <summary>None: the file itself must be mended.</summary>
    None,

    /// <summary>Another separator of columns, or a mark of comment lines.</summary>
    Separator,

    /// <summary>Another column of words or tags, or another separator.</summary>
    Columns,

    /// <summary>Another tag scheme, or reading tags that break theirs as conlleval does.</summary>
    TagScheme,
}
