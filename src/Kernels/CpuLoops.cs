using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels;

/// <summary>
/// How CPU operations cut their rows among threads: in blocks whose borders do not depend on the number of threads.
/// </summary>
static class CpuLoops
{
    /// <summary>Elements below which a fork costs more than it saves.</summary>
    public const int ParallelGrain = 16_384;

    /// <summary>Runs <paramref name="body"/>(first row, row count) over all rows.</summary>
    public static void OverRows(CpuDevice device, int rows, int columns, Action<int, int> body)
    {
        if (rows == 0 || columns == 0) return;
        var block = Math.Max(1, ParallelGrain / columns);
        var blocks = (rows + block - 1) / block;
        if (blocks == 1) body(0, rows);
        else device.Workers.Run(blocks, i => body(i * block, Math.Min(block, rows - i * block)));
    }

    /// <summary>
    /// Runs <paramref name="body"/>(row, column, length) over runs of neighbouring elements that together are all of
    /// [rows x columns]. Where every operand is contiguous, the rows count as one, so that a narrow matrix costs no
    /// more than a wide one.
    /// </summary>
    public static void OverSpans(CpuDevice device, int rows, int columns, bool contiguous, Action<int, long, int> body)
    {
        if (contiguous) OverBlocks(device, (long)rows * columns, (_, start, length) => body(0, start, length));
        else
            OverRows(device, rows, columns, (first, count) =>
            {
                for (var row = first; row < first + count; row++) body(row, 0, columns);
            });
    }

    /// <summary>
    /// Runs <paramref name="body"/>(block, first element, length) over blocks of <see cref="ParallelGrain"/> elements.
    /// </summary>
    public static void OverBlocks(CpuDevice device, long elements, Action<int, long, int> body)
    {
        if (elements == 0) return;
        var blocks = Blocks(elements);
        if (blocks == 1) body(0, 0, (int)elements);
        else
            device.Workers.Run(blocks,
                i => body(i, (long)i * ParallelGrain,
                    (int)Math.Min(ParallelGrain, elements - (long)i * ParallelGrain)));
    }

    /// <summary>Number of blocks that <see cref="OverBlocks"/> makes.</summary>
    public static int Blocks(long elements) => checked((int)((elements + ParallelGrain - 1) / ParallelGrain));

    /// <summary>The elements of a view from (row, column) on.</summary>
    public static unsafe Span<T> Run<T>(this MatrixView<T> view, int row, long column, int length)
        where T : unmanaged =>
        new(view.Pointer + (long)row * view.RowStride + column, length);
}
