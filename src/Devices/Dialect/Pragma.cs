namespace LdNetGpu.Dialect;

/// <summary>Wishes to the device's compiler; they change no result. ILGPU's compiler does not heed them.</summary>
public static class Pragma
{
    /// <summary>The loop that follows is unrolled: wholly, or <paramref name="times"/> rounds at once.</summary>
    /// <param name="times">A constant; 0 for wholly.</param>
    public static void Unroll(int times = 0) { }
}
