using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// Which rows of a batch take part in which step, and how the batch is cut among threads. Rows of a recurrence do not
/// depend on each other, so a thread runs all steps of its rows without waiting for the others.
/// </summary>
sealed class RecurrenceRows
{
    /// <summary>Fewest rows worth a thread: below, reading W_hh again costs more than a second thread saves.</summary>
    const int FewestRows = 4;
    readonly int[] lengths;
    readonly RecurrenceShape shape;

    public RecurrenceRows(in RecurrenceShape shape, IndexView given)
    {
        this.shape = shape;
        if (!given.IsNone && given.Count != shape.Batch)
            throw new ShapeException("recurrence", $"{given.Count} lengths for a batch of {shape.Batch}.");
        lengths = new int[shape.Batch];
        if (given.IsNone) Array.Fill(lengths, shape.Steps);
        else given.ToHost().CopyTo(lengths);
        for (var row = 0; row < lengths.Length; row++)
            if (lengths[row] < 0 || lengths[row] > shape.Steps)
                throw new ShapeException("recurrence",
                    $"length {lengths[row]} of row {row} is not 0 to {shape.Steps}.");
    }

    /// <summary>Time step of the pass's step number <paramref name="step"/>.</summary>
    public int Time(int step) => shape.Reverse ? shape.Steps - 1 - step : step;

    public bool IsReal(int row, int time) => time < lengths[row];

    /// <summary>
    /// Row of a [T·B x n] view that holds the state before this step, -1 at the sequence's first step in the order of
    /// the pass.
    /// </summary>
    public int Before(int row, int time)
    {
        var before = shape.Reverse ? time + 1 : time - 1;
        return before >= 0 && before < lengths[row] ? before * shape.Batch + row : -1;
    }

    /// <summary>
    /// Row of a [T·B x n] view that holds the sequence's first step in the order of the pass; -1 where it has none.
    /// </summary>
    public int First(int row) => lengths[row] == 0 ? -1 : (shape.Reverse ? lengths[row] - 1 : 0) * shape.Batch + row;

    /// <summary>
    /// Rows from <paramref name="first"/> to the last one before <paramref name="end"/> that is real at this time.
    /// </summary>
    public int Active(int first, int end, int time)
    {
        while (end > first && lengths[end - 1] <= time) end--;
        return end - first;
    }

    /// <summary>
    /// Borders of parts with about equal numbers of real steps, one for each thread that is worth it.
    /// </summary>
    public int[] Parts(int threads)
    {
        var parts = Math.Clamp(shape.Batch / FewestRows, 1, threads);
        var borders = new int[parts + 1];
        borders[parts] = shape.Batch;
        var total = lengths.Sum(length => (long)length);
        long sum = 0;
        for (int row = 0, part = 1; row < shape.Batch && part < parts; row++)
        {
            sum += lengths[row];
            while (part < parts && sum * parts >= total * part) borders[part++] = row + 1;
        }
        return borders;
    }
}
