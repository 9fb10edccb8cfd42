namespace LdNetGpu.Kernels.Views;

/// <summary>Up to eight operands of one kind for one launch; default where a place is left over.</summary>
readonly record struct Eight<T>(T Item0, T Item1, T Item2, T Item3, T Item4, T Item5, T Item6, T Item7) where T : struct
{
    public const int Count = 8;

    /// <summary>On the host: what at most eight sources give.</summary>
    public static Eight<T> Of<TSource>(ReadOnlySpan<TSource> sources, Func<TSource, T> operand)
    {
        Span<T> all = [default, default, default, default, default, default, default, default];
        for (var i = 0; i < sources.Length; i++) all[i] = operand(sources[i]);
        return new(all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]);
    }
}
