using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Rows;

/// <summary>What moves of rows must satisfy on any device.</summary>
static class RowsChecks
{
    public static void Gather<T>(ComputeDevice device, MatrixView<T> table, IndexView indices, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Present(device, nameof(Gather), nameof(table), table);
        Shapes.Present(device, nameof(Gather), nameof(output), output);
        Shapes.Count(device, nameof(Gather), nameof(indices), indices, output.Rows,
            $"one for each row of output {output}");
        Shapes.Is(device, nameof(Gather), nameof(output), output, output.Rows, table.Columns,
            $"its rows are rows of table {table}");
        Shapes.InRange(device, nameof(Gather), nameof(indices), indices, -1, table.Rows,
            $"the rows of table {table} (-1: a row of zeros)");
        Overlap.Refuse(nameof(Gather), nameof(output), output, nameof(table), table);
    }

    public static void ScatterAdd<T>(ComputeDevice device, MatrixView<T> rows, IndexView indices, MatrixView<T> table)
        where T : unmanaged
    {
        Shapes.Present(device, nameof(ScatterAdd), nameof(rows), rows);
        Shapes.Present(device, nameof(ScatterAdd), nameof(table), table);
        Shapes.Count(device, nameof(ScatterAdd), nameof(indices), indices, rows.Rows,
            $"one for each row of rows {rows}");
        Shapes.Is(device, nameof(ScatterAdd), nameof(rows), rows, rows.Rows, table.Columns,
            $"they are added to rows of table {table}");
        Shapes.InRange(device, nameof(ScatterAdd), nameof(indices), indices, -1, table.Rows,
            $"the rows of table {table} (-1: passed over)");
        Overlap.Refuse(nameof(ScatterAdd), nameof(table), table, nameof(rows), rows);
    }
}
