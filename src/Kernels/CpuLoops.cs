using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>How CPU operations cut their rows among threads: in blocks whose borders do not depend on the number of threads.</summary>
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
}
