namespace LdNetGpu.Autograd;

/// <summary>What measured times say of the second implementation beside the first.</summary>
public enum SpeedVerdict
{
    /// <summary>The ratio's whole interval lies within the margin around 1.</summary>
    Same,

    /// <summary>The ratio's whole interval lies below 1, and the ranks differ.</summary>
    Faster,

    /// <summary>The ratio's whole interval lies above 1, and the ranks differ.</summary>
    Slower,

    /// <summary>None of these: more samples, or a calmer machine, may tell.</summary>
    Ambiguous,
}
