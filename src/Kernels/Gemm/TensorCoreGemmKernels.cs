using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// C = op(A)·op(B) on tensor cores in tf32: operands rounded to 10 bits behind the point, sums in float. In three products each operand
/// also has its rounding's rest, of which the two larger products are added: nearly float's precision. A group of 2 x warpColumns warps
/// makes a tile of C; each warp holds rowTiles x 4 mma tiles of 16 x 8 in registers. Two stages of 32 columns of op(A) and rows of op(B)
/// lie in dynamic shared memory: while one is multiplied, the next is copied.
/// </summary>
/// <remarks>A tile keeps the order that its matrix has in memory, each row padded so that a fragment's 32 elements lie in 32 banks.</remarks>
static partial class TensorCoreGemmKernels
{
    public const int WarpRows = 2, TileDepth = 32, MmaRows = 16, MmaColumns = 8, MmaDepth = 8, ColumnTiles = 4;

    /// <summary>Padding of a row that runs along the depth (a multiple of 32 elements long), and of one that runs across it.</summary>
    public const int PaddingAlong = 4, PaddingAcross = 8;

    /// <summary>
    /// kind is a <see cref="GemmKind"/>, dropped the <see cref="ProductOperand"/> to which the mask is applied; products is 1 or 3.
    /// leftWidth and rightWidth are the elements of one copy: 4 where the matrix's rows lie on multiples of 16 bytes, else 1.
    /// c = product + bias, at least 0 where rectified; or c += product. bias is empty where there is none. The depth is at least 1.
    /// </summary>
    [Kernel]
    public static void Multiply(SpecializedValue<int> kind, SpecializedValue<int> products, SpecializedValue<int> rowTiles,
        SpecializedValue<int> warpColumns, SpecializedValue<int> leftWidth, SpecializedValue<int> rightWidth, SpecializedValue<int> dropped,
        [NoAlias] ArrayView<float> a, int aStride, [NoAlias] ArrayView<float> b, int bStride, ArrayView<float> c, int cStride,
        int rows, int columns, int depth, [NoAlias] ArrayView<float> bias, bool accumulate, bool rectified, DropoutMask<float> mask)
    {
        var sums = LocalMemory.Allocate<FragmentC>(ColumnTiles * rowTiles);
        var shared = SharedMemory.GetDynamic<float>();
        var lanes = 32 * WarpRows * warpColumns;
        var tileRows = WarpRows * MmaRows * rowTiles;
        var tileColumns = ColumnTiles * MmaColumns * warpColumns;
        var leftAlong = kind != (int)GemmKind.TN;
        var rightAlong = kind == (int)GemmKind.NT;
        var leftStride = leftAlong ? TileDepth + PaddingAlong : tileRows + PaddingAcross;
        var rightStride = rightAlong ? TileDepth + PaddingAlong : tileColumns + PaddingAcross;
        var leftSize = (leftAlong ? tileRows : TileDepth) * leftStride;
        var stageSize = leftSize + (rightAlong ? tileColumns : TileDepth) * rightStride;
        var firstRow = Grid.IdxY * tileRows;
        var firstColumn = Grid.IdxX * tileColumns;
        // The lane's place in fragments: g and t of Cuda.Mma, in its warp's part of the tile.
        var (g, t) = (Warp.LaneIdx / 4, Warp.LaneIdx % 4);
        var leftRow = Warp.WarpIdx / warpColumns * (MmaRows * rowTiles) + g;
        var rightColumn = Warp.WarpIdx % warpColumns * (ColumnTiles * MmaColumns) + g;
        Pragma.Unroll();
        for (var i = 0; i < ColumnTiles * rowTiles; i++) sums[i] = new FragmentC(0, 0, 0, 0);

        Bring(shared.SubView(0, leftSize), leftStride, a, aStride, leftAlong, firstRow, tileRows, rows, 0, depth, leftWidth, lanes);
        Bring(shared.SubView(leftSize, stageSize - leftSize), rightStride, b, bStride, rightAlong, firstColumn, tileColumns, columns,
            0, depth, rightWidth, lanes);
        Cuda.AsyncCopy.Commit();
        for (var start = 0; start < depth; start += TileDepth)
        {
            var stage = start / TileDepth % 2 * stageSize;
            if (start + TileDepth < depth)
            {
                var next = stageSize - stage;
                Bring(shared.SubView(next, leftSize), leftStride, a, aStride, leftAlong, firstRow, tileRows, rows, start + TileDepth, depth, leftWidth, lanes);
                Bring(shared.SubView(next + leftSize, stageSize - leftSize), rightStride, b, bStride, rightAlong, firstColumn, tileColumns, columns,
                    start + TileDepth, depth, rightWidth, lanes);
            }
            Cuda.AsyncCopy.Commit();
            Cuda.AsyncCopy.Wait(1);
            Group.Barrier();
            var left = shared.SubView(stage, leftSize);
            var right = shared.SubView(stage + leftSize, stageSize - leftSize);
            if (dropped == (int)ProductOperand.A)
            {
                if (leftAlong) DropoutTile.Apply(left, leftStride, 1, tileRows, TileDepth, firstRow, start, mask, lanes);
                else DropoutTile.Apply(left, leftStride, 1, TileDepth, tileRows, start, firstRow, mask, lanes);
                Group.Barrier();
            }
            if (dropped == (int)ProductOperand.B)
            {
                if (rightAlong) DropoutTile.Apply(right, rightStride, 1, tileColumns, TileDepth, firstColumn, start, mask, lanes);
                else DropoutTile.Apply(right, rightStride, 1, TileDepth, tileColumns, start, firstColumn, mask, lanes);
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
                    var x0 = Element(right, rightStride, rightAlong, rightColumn + j * MmaColumns, k + t);
                    var x1 = Element(right, rightStride, rightAlong, rightColumn + j * MmaColumns, k + t + 4);
                    rightParts[j] = new FragmentB(Cuda.Mma.ToTf32(x0), Cuda.Mma.ToTf32(x1));
                    if (products == 3) rightRests[j] = new FragmentB(Rest(x0), Rest(x1));
                }
                Pragma.Unroll();
                for (var i = 0; i < rowTiles; i++)
                {
                    var row = leftRow + i * MmaRows;
                    var x0 = Element(left, leftStride, leftAlong, row, k + t);
                    var x1 = Element(left, leftStride, leftAlong, row + 8, k + t);
                    var x2 = Element(left, leftStride, leftAlong, row, k + t + 4);
                    var x3 = Element(left, leftStride, leftAlong, row + 8, k + t + 4);
                    var leftPart = new FragmentA(Cuda.Mma.ToTf32(x0), Cuda.Mma.ToTf32(x1), Cuda.Mma.ToTf32(x2), Cuda.Mma.ToTf32(x3));
                    if (products == 3)
                    {
                        // The small products first, before the sums' rounding could drop them.
                        var leftRest = new FragmentA(Rest(x0), Rest(x1), Rest(x2), Rest(x3));
                        Pragma.Unroll();
                        for (var j = 0; j < ColumnTiles; j++)
                        {
                            sums[i * ColumnTiles + j] = Cuda.Mma.Tf32(leftRest, rightParts[j], sums[i * ColumnTiles + j]);
                            sums[i * ColumnTiles + j] = Cuda.Mma.Tf32(leftPart, rightRests[j], sums[i * ColumnTiles + j]);
                        }
                    }
                    Pragma.Unroll();
                    for (var j = 0; j < ColumnTiles; j++) sums[i * ColumnTiles + j] = Cuda.Mma.Tf32(leftPart, rightParts[j], sums[i * ColumnTiles + j]);
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
                Put(c, cStride, rows, columns, bias, accumulate, rectified, row, column, sum.R0);
                Put(c, cStride, rows, columns, bias, accumulate, rectified, row, column + 1, sum.R1);
                Put(c, cStride, rows, columns, bias, accumulate, rectified, row + 8, column, sum.R2);
                Put(c, cStride, rows, columns, bias, accumulate, rectified, row + 8, column + 1, sum.R3);
            }
        }
    }

    // Begins the copies of a tile: length elements from first on across the depth, TileDepth from start on along it; zeros outside the
    // matrix. along: the depth runs along memory.
    static void Bring(ArrayView<float> tile, int tileStride, ArrayView<float> matrix, int stride, bool along,
        int first, int length, int end, int start, int depth, int width, int lanes)
    {
        var (firstRow, endRow, tileRows) = along ? (first, end, length) : (start, depth, TileDepth);
        var (firstColumn, endColumn, tileColumns) = along ? (start, depth, TileDepth) : (first, end, length);
        var copies = tileColumns / width;
        for (var i = Group.LinearIndex; i < tileRows * copies; i += lanes)
        {
            var row = i / copies;
            var column = i % copies * width;
            var count = firstRow + row < endRow ? int.Clamp(endColumn - firstColumn - column, 0, width) : 0;
            var from = count > 0 ? (long)(firstRow + row) * stride + firstColumn + column : 0;
            if (width == 4) Cuda.AsyncCopy.Bytes16(tile, row * tileStride + column, matrix, from, count);
            else Cuda.AsyncCopy.Bytes4(tile, row * tileStride + column, matrix, from, count);
        }
    }

    static float Element(ArrayView<float> tile, int stride, bool along, int across, int k) => tile[along ? across * stride + k : k * stride + across];

    // What rounding to tf32 takes off.
    static uint Rest(float x) => Cuda.Mma.ToTf32(x - Interop.IntAsFloat(Cuda.Mma.ToTf32(x)));

    static void Put(ArrayView<float> c, int stride, int rows, int columns, ArrayView<float> bias, bool accumulate, bool rectified,
        int row, int column, float value)
    {
        if (row >= rows || column >= columns) return;
        var place = (long)row * stride + column;
        if (accumulate) value += c[place];
        if (bias.Length > 0) value += bias[column];
        if (rectified && value < 0) value = 0;
        c[place] = value;
    }
}
