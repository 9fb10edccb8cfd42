using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// C = op(A)·op(B) on tensor cores in tf32: operands rounded to 10 bits behind the point, sums in float. In three
/// products each operand also has its rounding's rest, of which the two larger products are added: nearly float's
/// precision. A group of 2 x side/32 warps makes a tile of C of side x side; each warp holds side/32 x 4 mma tiles of
/// 16 x 8 in registers. Two stages of 32 columns of op(A) and rows of op(B) lie in dynamic shared memory: while one is
/// multiplied, the next is copied.
/// </summary>
/// <remarks>
/// A tile keeps the order that its matrix has in memory, each row padded so that a fragment's 32 elements lie in 32
/// banks.
/// </remarks>
static partial class TensorCoreGemmKernels
{
    public const int WarpRows = 2, TileDepth = 32, MmaRows = 16, MmaColumns = 8, MmaDepth = 8, ColumnTiles = 4;

    /// <summary>
    /// Padding of a row that runs along the depth (a multiple of 32 elements long), and of one that runs across it.
    /// </summary>
    public const int PaddingAlong = 4, PaddingAcross = 8;

    // Elements of one copy.
    const int WideCopy = 4;

    /// <summary>
    /// kind is a <see cref="GemmKind"/>, dropped the <see cref="ProductOperand"/> to which the mask is applied, wide
    /// the <see cref="WideOperands"/>; products is 1 or 3, side (of a tile) 64 or 128. The depth is at least 1.
    /// </summary>
    [Kernel]
    public static void Multiply(
        SpecializedValue<int> kind, SpecializedValue<int> products, SpecializedValue<int> side,
        SpecializedValue<int> wide, SpecializedValue<int> dropped,
        [NoAlias(HeldByCaller = true)] ProductOperands<float> operands, Matrix<float> c, ProductShape shape,
        [NoAlias(HeldByCaller = true)] Epilogue<float> epilogue)
    {
        var sums = LocalMemory.Allocate<FragmentC>(ColumnTiles * (side / (WarpRows * MmaRows)));
        var rowTiles = side / (WarpRows * MmaRows);
        var warpColumns = side / (ColumnTiles * MmaColumns);
        var leftWidth = (wide & (int)WideOperands.A) != 0 ? WideCopy : 1;
        var rightWidth = (wide & (int)WideOperands.B) != 0 ? WideCopy : 1;
        var shared = SharedMemory.GetDynamic<float>();
        var lanes = 32 * WarpRows * warpColumns;
        var leftAlong = kind != (int)GemmKind.TN;
        var rightAlong = kind == (int)GemmKind.NT;
        var leftStride = leftAlong ? TileDepth + PaddingAlong : side + PaddingAcross;
        var rightStride = rightAlong ? TileDepth + PaddingAlong : side + PaddingAcross;
        var leftSize = (leftAlong ? side : TileDepth) * leftStride;
        var stageSize = leftSize + (rightAlong ? side : TileDepth) * rightStride;
        var firstRow = Grid.IdxY * side;
        var firstColumn = Grid.IdxX * side;
        // The lane's place in fragments: g and t of Cuda.Mma, in its warp's part of the tile.
        var (g, t) = (Warp.LaneIdx / 4, Warp.LaneIdx % 4);
        var leftRow = Warp.WarpIdx / warpColumns * (MmaRows * rowTiles) + g;
        var rightColumn = Warp.WarpIdx % warpColumns * (ColumnTiles * MmaColumns) + g;
        Pragma.Unroll();
        for (var i = 0; i < ColumnTiles * rowTiles; i++) sums[i] = new FragmentC(0, 0, 0, 0);

        var leftBand = new Band(operands.A, leftAlong, firstRow, side, shape.Rows, shape.Depth, leftWidth);
        var rightBand = new Band(operands.B, rightAlong, firstColumn, side, shape.Columns, shape.Depth,
            rightWidth);
        LoadTile(new Tile<float>(shared, leftStride, 1), leftBand, 0, lanes);
        LoadTile(new Tile<float>(shared.SubView(leftSize), rightStride, 1), rightBand, 0, lanes);
        Cuda.AsyncCopy.Commit();
        for (var start = 0; start < shape.Depth; start += TileDepth)
        {
            var stage = start / TileDepth % 2 * stageSize;
            if (start + TileDepth < shape.Depth)
            {
                var next = stageSize - stage;
                LoadTile(new Tile<float>(shared.SubView(next, leftSize), leftStride, 1), leftBand, start + TileDepth,
                    lanes);
                LoadTile(new Tile<float>(shared.SubView(next + leftSize, stageSize - leftSize), rightStride, 1),
                    rightBand, start + TileDepth, lanes);
            }
            Cuda.AsyncCopy.Commit();
            Cuda.AsyncCopy.Wait(1);
            Group.Barrier();
            var left = new Tile<float>(shared.SubView(stage, leftSize), leftStride, 1);
            var right = new Tile<float>(shared.SubView(stage + leftSize, stageSize - leftSize), rightStride, 1);
            if (dropped == (int)ProductOperand.A)
            {
                if (leftAlong) DropoutTile.Apply(left, side, TileDepth, firstRow, start, operands.Mask, lanes);
                else DropoutTile.Apply(left, TileDepth, side, start, firstRow, operands.Mask, lanes);
                Group.Barrier();
            }
            if (dropped == (int)ProductOperand.B)
            {
                if (rightAlong) DropoutTile.Apply(right, side, TileDepth, firstColumn, start, operands.Mask, lanes);
                else DropoutTile.Apply(right, TileDepth, side, start, firstColumn, operands.Mask, lanes);
                Group.Barrier();
            }
            var rightParts = LocalMemory.Allocate<FragmentB>(ColumnTiles);
            var rightRests = LocalMemory.Allocate<FragmentB>(ColumnTiles);
            Pragma.Unroll();
            for (var k = 0; k < TileDepth; k += MmaDepth)
            {
                Pragma.Unroll();
                for (var j = 0; j < ColumnTiles; j++)
                {
                    var x0 = Element(right, rightAlong, rightColumn + j * MmaColumns, k + t);
                    var x1 = Element(right, rightAlong, rightColumn + j * MmaColumns, k + t + 4);
                    rightParts[j] = new FragmentB(Cuda.Mma.ToTf32(x0), Cuda.Mma.ToTf32(x1));
                    if (products == 3) rightRests[j] = new FragmentB(Rest(x0), Rest(x1));
                }
                Pragma.Unroll();
                for (var i = 0; i < rowTiles; i++)
                {
                    var row = leftRow + i * MmaRows;
                    var x0 = Element(left, leftAlong, row, k + t);
                    var x1 = Element(left, leftAlong, row + 8, k + t);
                    var x2 = Element(left, leftAlong, row, k + t + 4);
                    var x3 = Element(left, leftAlong, row + 8, k + t + 4);
                    var leftPart = new FragmentA(Cuda.Mma.ToTf32(x0), Cuda.Mma.ToTf32(x1), Cuda.Mma.ToTf32(x2),
                        Cuda.Mma.ToTf32(x3));
                    if (products == 3)
                    {
                        // The small products first, before the sums' rounding could drop them.
                        var leftRest = new FragmentA(Rest(x0), Rest(x1), Rest(x2), Rest(x3));
                        Pragma.Unroll();
                        for (var j = 0; j < ColumnTiles; j++)
                        {
                            sums[i * ColumnTiles + j] =
                                Cuda.Mma.Tf32(leftRest, rightParts[j], sums[i * ColumnTiles + j]);
                            sums[i * ColumnTiles + j] =
                                Cuda.Mma.Tf32(leftPart, rightRests[j], sums[i * ColumnTiles + j]);
                        }
                    }
                    Pragma.Unroll();
                    for (var j = 0; j < ColumnTiles; j++)
                        sums[i * ColumnTiles + j] = Cuda.Mma.Tf32(leftPart, rightParts[j], sums[i * ColumnTiles + j]);
                }
            }
            Group.Barrier();
        }

        Pragma.Unroll();
        for (var i = 0; i < rowTiles; i++)
        {
            Pragma.Unroll();
            for (var j = 0; j < ColumnTiles; j++)
            {
                var row = firstRow + leftRow + i * MmaRows;
                var column = firstColumn + rightColumn - g + j * MmaColumns + 2 * t;
                var sum = sums[i * ColumnTiles + j];
                Put(c, shape, epilogue, row, column, sum.R0);
                Put(c, shape, epilogue, row, column + 1, sum.R1);
                Put(c, shape, epilogue, row + 8, column, sum.R2);
                Put(c, shape, epilogue, row + 8, column + 1, sum.R3);
            }
        }
    }

    /// <summary>The part of an operand that a group reads: all of the depth, and some elements across it.</summary>
    /// <param name="Matrix">The operand.</param>
    /// <param name="Along">Whether the depth runs along memory.</param>
    /// <param name="First">The first element across the depth.</param>
    /// <param name="Length">Elements across it, those behind the matrix's end included.</param>
    /// <param name="End">The matrix's end across the depth.</param>
    /// <param name="Depth">The matrix's end along it.</param>
    /// <param name="Width">Elements of one copy.</param>
    readonly record struct Band(Matrix<float> Matrix, bool Along, int First, int Length, int End, int Depth, int Width);

    // Begins the copies of the band's TileDepth elements along the depth from start on; zeros outside the matrix.
    static void LoadTile(Tile<float> tile, Band band, int start, int lanes)
    {
        var (firstRow, endRow, tileRows) = band.Along
            ? (band.First, band.End, band.Length) : (start, band.Depth, TileDepth);
        var (firstColumn, endColumn, tileColumns) = band.Along
            ? (start, band.Depth, TileDepth) : (band.First, band.End, band.Length);
        var copies = tileColumns / band.Width;
        for (var i = Group.LinearIndex; i < tileRows * copies; i += lanes)
        {
            var row = i / copies;
            var column = i % copies * band.Width;
            var count = firstRow + row < endRow ? int.Clamp(endColumn - firstColumn - column, 0, band.Width) : 0;
            var from = count > 0 ? band.Matrix.Place(firstRow + row, firstColumn + column) : 0;
            if (band.Width == WideCopy)
                Cuda.AsyncCopy.Bytes16(tile.Values, row * tile.RowStep + column, band.Matrix.Values, from, count);
            else Cuda.AsyncCopy.Bytes4(tile.Values, row * tile.RowStep + column, band.Matrix.Values, from, count);
        }
    }

    static float Element(Tile<float> tile, bool along, int across, int k) => along ? tile[across, k] : tile[k, across];

    // What rounding to tf32 takes off.
    static uint Rest(float x) => Cuda.Mma.ToTf32(x - Interop.IntAsFloat(Cuda.Mma.ToTf32(x)));

    static void Put(Matrix<float> c, ProductShape shape, Epilogue<float> epilogue, int row, int column, float value)
    {
        if (row < shape.Rows && column < shape.Columns) epilogue.Store(c, row, column, value);
    }
}
