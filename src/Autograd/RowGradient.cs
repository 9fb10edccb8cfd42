using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// Gradient of a table as the rows that were looked up: [distinct x columns] beside their indices. An embedding of
/// 400,000 rows then costs a step what its batch's words cost, in clipping and in the optimizer too.
/// </summary>
public sealed class RowGradient<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Parameter<T> table;
    readonly List<(int[] Indices, DeviceBuffer<T> Rows)> contributions = [];
    DeviceBuffer<T>? values;
    DeviceBuffer<int>? indices;
    int[] distinct = [];

    internal RowGradient(Parameter<T> table) => this.table = table;

    /// <summary>Distinct rows, ascending.</summary>
    public IndexView Indices
    {
        get
        {
            Coalesce();
            return indices is null ? default : new(indices, 0, distinct.Length, distinct);
        }
    }

    /// <summary>Summed gradients of those rows [distinct x columns].</summary>
    public MatrixView<T> Values
    {
        get
        {
            Coalesce();
            return values is null ? default : new(values, 0, distinct.Length, table.Shape.Columns, table.Shape.Columns);
        }
    }

    /// <summary>Whether no backward pass has touched a row.</summary>
    public bool IsEmpty => contributions.Count == 0 && distinct.Length == 0;

    /// <summary>Puts the sum of several sets of rows in the place of what is here, added in their order.</summary>
    /// <param name="parts">Of each, the rows' places in the table and their gradients, row after row.</param>
    /// <exception cref="ShapeException">A part has not as many numbers as its rows, or a row is none of the
    /// table.</exception>
    public void Set(IEnumerable<(int[] Indices, T[] Rows)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Clear();
        var columns = table.Shape.Columns;
        foreach (var (rowIndices, rows) in parts)
        {
            if (rows.Length != (long)rowIndices.Length * columns)
                throw new ShapeException("RowGradient.Set",
                    $"{rows.Length} numbers for {rowIndices.Length} rows of {columns}.");
            if (Array.Exists(rowIndices, row => (uint)row >= (uint)table.Shape.Rows))
                throw new ShapeException("RowGradient.Set", $"a row that a table of {table.Shape.Rows} does not have.");
            if (rows.Length == 0) continue;
            var copy = table.Backend.Device.Allocate<T>(rows.Length);
            copy.CopyFrom(rows);
            contributions.Add((rowIndices, copy));
        }
    }

    /// <summary>Adds rows[i] to the gradient of table row indices[i]; -1 is passed over. The rows are copied.</summary>
    internal void Add(ReadOnlySpan<int> rowIndices, MatrixView<T> rows)
    {
        if (rowIndices.IsEmpty) return;
        var copy = table.Backend.Device.Allocate<T>(rows.Count);
        table.Backend.Elementwise.Copy(rows, new(copy, 0, rows.Rows, rows.Columns, rows.Columns));
        contributions.Add((rowIndices.ToArray(), copy));
    }

    internal void Clear()
    {
        foreach (var (_, rows) in contributions) rows.Dispose();
        contributions.Clear();
        values?.Dispose();
        indices?.Dispose();
        (values, indices, distinct) = (null, null, []);
    }

    // Contributions are summed in the order they came, into rows sorted by index: the same bits every time.
    void Coalesce()
    {
        if (contributions.Count == 0) return;
        var columns = table.Shape.Columns;
        if (values is not null) contributions.Insert(0, (distinct, values));
        indices?.Dispose();
        distinct = contributions.SelectMany(c => c.Indices).Where(i => i >= 0).Distinct().Order().ToArray();
        var device = table.Backend.Device;
        var place = new Dictionary<int, int>(distinct.Length);
        for (var i = 0; i < distinct.Length; i++) place[distinct[i]] = i;
        var sums = device.Allocate<T>((long)distinct.Length * columns);
        var sumView = new MatrixView<T>(sums, 0, distinct.Length, columns, columns);
        table.Backend.Elementwise.Fill(sumView, T.Zero);
        foreach (var (rowIndices, rows) in contributions)
        {
            var places = Array.ConvertAll(rowIndices, i => i < 0 ? -1 : place[i]);
            using var onDevice = device.Allocate<int>(places.Length);
            onDevice.CopyFrom(places);
            table.Backend.Rows.ScatterAdd(new(rows, 0, places.Length, columns, columns),
                new(onDevice, 0, places.Length, places), sumView);
            rows.Dispose();
        }
        contributions.Clear();
        values = sums;
        indices = device.Allocate<int>(distinct.Length);
        indices.CopyFrom(distinct);
    }
}
