using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>Dropout of a tile that a group has brought into shared memory.</summary>
static class DropoutTile
{
    /// <summary>
    /// Lanes of the group share the tile's blocks of the draw, each with up to four elements of a row. Element (r, c)
    /// of the tile is element (firstRow + r, firstColumn + c) of the masked matrix, whatever lies behind the matrix's
    /// end stays 0. The columns are a multiple of 4. Barriers before and after are the caller's.
    /// </summary>
    public static void Apply<T>(Tile<T> tile, int rows, int columns, int firstRow, int firstColumn, DropoutMask<T> mask,
        int lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // A row may start inside a block: then it reaches into one block more.
        var blocks = columns / 4 + 1;
        for (var i = Group.LinearIndex; i < rows * blocks; i += lanes)
        {
            var row = i / blocks;
            var element = mask.Element((long)firstRow + row, firstColumn);
            var column = i % blocks * 4 - (int)(element & 3);
            if (column >= columns) continue;
            var drawn = mask.Draw((element >> 2) + i % blocks);
            Pragma.Unroll();
            for (var word = 0; word < 4; word++)
            {
                if (column + word < 0 || column + word >= columns) continue;
                tile[row, column + word] = mask.Keep(drawn.Word(word), tile[row, column + word]);
            }
        }
    }
}
