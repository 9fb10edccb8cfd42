using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// C = op(A)·op(B) by tiles in shared memory. A group of 16 x 16 lanes makes a tile of 16·rowsPerLane x
/// 16·columnsPerLane elements of C; each lane holds rowsPerLane x columnsPerLane of them in registers, and the group
/// brings 16 columns of op(A) and rows of op(B) at a time into shared memory.
/// </summary>
static partial class GemmKernels
{
    /// <summary>Lanes along each side of a group; also the depth of a tile.</summary>
    public const int Side = 16;

    /// <summary>Columns of C that a lane holds where nothing is tuned.</summary>
    public const int ColumnsPerLane = 4;

    // More sums in a lane than this leave the registers.
    const int MostSums = 32;

    /// <summary>
    /// kind is a <see cref="GemmKind"/>, dropped the <see cref="ProductOperand"/> to which the mask is applied.
    /// </summary>
    [Kernel, TunableWhere(nameof(FitsRegisters))]
    public static void Multiply<T>(
        SpecializedValue<int> kind, [Tunable(1, 2, 4, 8)] SpecializedValue<int> rowsPerLane,
        [Tunable(1, 2, 4, 8)] SpecializedValue<int> columnsPerLane, SpecializedValue<int> dropped,
        [NoAlias(HeldByCaller = true)] ProductOperands<T> operands, Matrix<T> c, ProductShape shape,
        [NoAlias(HeldByCaller = true)] Epilogue<T> epilogue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // One element of padding: lanes that store a column of A into a row of the tile meet different banks.
        var leftMemory = SharedMemory.Allocate<T>(Side * (Side * rowsPerLane + 1));
        var rightMemory = SharedMemory.Allocate<T>(Side * (Side * columnsPerLane + 1));
        var sums = LocalMemory.Allocate<T>(columnsPerLane * rowsPerLane);
        var tileRows = Side * rowsPerLane;
        var tileColumns = Side * columnsPerLane;
        // By depth and row, by depth and column.
        var left = new Tile<T>(leftMemory, tileRows + 1, 1);
        var right = new Tile<T>(rightMemory, tileColumns + 1, 1);
        var firstRow = Grid.IdxY * tileRows;
        var firstColumn = Grid.IdxX * tileColumns;
        Pragma.Unroll();
        for (var i = 0; i < columnsPerLane * rowsPerLane; i++) sums[i] = T.Zero;

        for (var start = 0; start < shape.Depth; start += Side)
        {
            for (var i = Group.LinearIndex; i < Side * tileRows; i += Side * Side)
            {
                // Neighbouring lanes read neighbouring elements: along the depth where A lies by rows, along the rows
                // where it lies transposed.
                var k = kind == (int)GemmKind.TN ? i / tileRows : i % Side;
                var r = kind == (int)GemmKind.TN ? i % tileRows : i / Side;
                var value = T.Zero;
                if (firstRow + r < shape.Rows && start + k < shape.Depth)
                    value = kind == (int)GemmKind.TN
                        ? operands.A[start + k, firstRow + r] : operands.A[firstRow + r, start + k];
                left[k, r] = value;
            }
            for (var i = Group.LinearIndex; i < Side * tileColumns; i += Side * Side)
            {
                var k = kind == (int)GemmKind.NT ? i % Side : i / tileColumns;
                var j = kind == (int)GemmKind.NT ? i / Side : i % tileColumns;
                var value = T.Zero;
                if (firstColumn + j < shape.Columns && start + k < shape.Depth)
                    value = kind == (int)GemmKind.NT
                        ? operands.B[firstColumn + j, start + k] : operands.B[start + k, firstColumn + j];
                right[k, j] = value;
            }
            if (dropped == (int)ProductOperand.A)
            {
                Group.Barrier();
                if (kind == (int)GemmKind.TN)
                    DropoutTile.Apply(left, Side, tileRows, start, firstRow, operands.Mask, Side * Side);
                else DropoutTile.Apply(left.Transposed, tileRows, Side, firstRow, start, operands.Mask, Side * Side);
            }
            if (dropped == (int)ProductOperand.B)
            {
                Group.Barrier();
                if (kind == (int)GemmKind.NT)
                    DropoutTile.Apply(right.Transposed, tileColumns, Side, firstColumn, start, operands.Mask,
                        Side * Side);
                else DropoutTile.Apply(right, Side, tileColumns, start, firstColumn, operands.Mask, Side * Side);
            }
            Group.Barrier();
            for (var k = 0; k < Side; k++)
            {
                Pragma.Unroll();
                for (var r = 0; r < rowsPerLane; r++)
                {
                    var x = left[k, Group.IdxY + r * Side];
                    Pragma.Unroll();
                    for (var j = 0; j < columnsPerLane; j++)
                        sums[r * columnsPerLane + j] += x * right[k, Group.IdxX + j * Side];
                }
            }
            Group.Barrier();
        }

        Pragma.Unroll();
        for (var r = 0; r < rowsPerLane; r++)
        {
            var row = firstRow + Group.IdxY + r * Side;
            Pragma.Unroll();
            for (var j = 0; j < columnsPerLane; j++)
            {
                var column = firstColumn + Group.IdxX + j * Side;
                if (row < shape.Rows && column < shape.Columns)
                    epilogue.Store(c, row, column, sums[r * columnsPerLane + j]);
            }
        }
    }

    static bool FitsRegisters(int rowsPerLane, int columnsPerLane) => rowsPerLane * columnsPerLane <= MostSums;
}
