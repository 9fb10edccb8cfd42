namespace LdNetGpu.Kernels;

/// <summary>What moves of rows must satisfy on any device.</summary>
static class RowsChecks
{
    public static void Gather<T>(MatrixView<T> table, IndexView indices, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Present(nameof(Gather), nameof(table), table);
        Shapes.Present(nameof(Gather), nameof(output), output);
        Shapes.Count(nameof(Gather), nameof(indices), indices, output.Rows, $"one for each row of output {output}");
        Shapes.Is(nameof(Gather), nameof(output), output, output.Rows, table.Columns, $"its rows are rows of table {table}");
        Shapes.InRange(nameof(Gather), nameof(indices), indices, -1, table.Rows, $"the rows of table {table} (-1: a row of zeros)");
    }

    public static void ScatterAdd<T>(MatrixView<T> rows, IndexView indices, MatrixView<T> table) where T : unmanaged
    {
        Shapes.Present(nameof(ScatterAdd), nameof(rows), rows);
        Shapes.Present(nameof(ScatterAdd), nameof(table), table);
        Shapes.Count(nameof(ScatterAdd), nameof(indices), indices, rows.Rows, $"one for each row of rows {rows}");
        Shapes.Is(nameof(ScatterAdd), nameof(rows), rows, rows.Rows, table.Columns, $"they are added to rows of table {table}");
        Shapes.InRange(nameof(ScatterAdd), nameof(indices), indices, -1, table.Rows, $"the rows of table {table} (-1: passed over)");
    }
}
