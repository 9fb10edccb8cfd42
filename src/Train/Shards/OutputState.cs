namespace LdNetGpu.Train.Shards;

/// <summary>What is to be done about an input, and why.</summary>
enum OutputState
{
    /// <summary>Nothing: the output is there, of these bytes, this model and these options.</summary>
    Done,

    /// <summary>It was never worked on.</summary>
    New,

    /// <summary>Work: the output is gone.</summary>
    OutputMissing,

    /// <summary>Work: the input's bytes are others.</summary>
    InputChanged,

    /// <summary>Work: the model is another.</summary>
    ModelChanged,

    /// <summary>Work: the options are others.</summary>
    OptionsChanged,

    /// <summary>The output is not as it was written, and is left alone.</summary>
    OutputEdited,

    /// <summary>Something that no record speaks for is in the output's place, and is left alone.</summary>
    OutputForeign,
}
