namespace LdNetGpu.Kernels.Variants;

/// <summary>How exactly matrix products of floats are computed.</summary>
public enum ProductPrecision
{
    /// <summary>As floats: the default.</summary>
    Float32,

    /// <summary>
    /// Operands rounded to 10 bits behind the point (a relative error of at most 2^-11 each) where the device has
    /// tensor cores; sums in float. An element of A·B is then off by at most about 2^-10 of Σ|a·b|.
    /// </summary>
    Tf32,

    /// <summary>
    /// Three products of tf32 numbers for each, on tensor cores, for finite operands (infinity gives NaN): an element
    /// of A·B is off by about 2^-20 of Σ|a·b|, beside the rounding of float sums.
    /// </summary>
    Tf32x3,
}
