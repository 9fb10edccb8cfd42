namespace LdNetGpu.Kernels.Rows;

/// <summary>
/// Brings equal indices together, so that a scatter has one writer for each row, which adds in the order of the
/// positions.
/// </summary>
static class RowSegments
{
    /// <summary>
    /// Sorts (index, position) pairs, each packed into one number (index in the high half): neighbours share an index,
    /// in order of position. Negative indices are left out. starts gets the first pair of each index, and the end.
    /// Returns the number of distinct indices.
    /// </summary>
    /// <param name="indices">In the order of the positions.</param>
    /// <param name="places">At least as long as the indices.</param>
    /// <param name="starts">At least one longer than the indices.</param>
    public static int Group(ReadOnlySpan<int> indices, long[] places, int[] starts)
    {
        var used = 0;
        for (var i = 0; i < indices.Length; i++)
            if (indices[i] >= 0)
                places[used++] = (long)indices[i] << 32 | (uint)i;
        Array.Sort(places, 0, used);
        var groups = 0;
        for (var i = 0; i < used; i++)
            if (i == 0 || places[i] >> 32 != places[i - 1] >> 32)
                starts[groups++] = i;
        starts[groups] = used;
        return groups;
    }
}
