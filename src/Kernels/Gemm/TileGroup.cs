namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// Tiles of as many rows each, one below the other, from row <paramref name="FirstRow"/> of a block on.
/// </summary>
readonly record struct TileGroup(int FirstRow, int Tiles, int RowsEach)
{
    /// <summary>
    /// Spreads the rows of a block, one or more, evenly over the fewest tiles of at most <paramref name="most"/> rows:
    /// the first ones have one more.
    /// </summary>
    public static (TileGroup Larger, TileGroup Smaller) Spread(int rows, int most)
    {
        var tiles = (rows + most - 1) / most;
        var (each, larger) = Math.DivRem(rows, tiles);
        return (new(0, larger, each + 1), new(larger * (each + 1), tiles - larger, each));
    }
}
