using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace LdNetGpu.Bench;

/// <summary>
/// What a row's floating-point operations would take at the rate of the processor's multiply-adds alone, measured in
/// the same run.
/// </summary>
abstract class FloorColumnBase : IColumn
{
    // The threads that the benchmarks run on; measured when the first column is printed, with the machine at rest.
    static readonly Lazy<double> Peak = new(() => FmaPeak.Measure(RowBenchmark.Threads));

    public abstract string ColumnName { get; }

    public abstract string Legend { get; }

    public string Id => GetType().Name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var row = (string)benchmarkCase.Parameters[nameof(RowBenchmark.Row)];
        var floor = RowBenchmark.Work(row).Flops / Peak.Value;
        return Text(floor, summary[benchmarkCase]?.ResultStatistics?.Mean / 1e9);
    }

    /// <param name="floor">Seconds.</param>
    /// <param name="mean">Seconds; null where the benchmark did not run.</param>
    protected abstract string Text(double floor, double? mean);
}

/// <summary>The floor in milliseconds.</summary>
sealed class FloorColumn : FloorColumnBase
{
    public override string ColumnName => "Floor";

    public override string Legend => "The row's operations at the rate of the processor's multiply-adds alone";

    protected override string Text(double floor, double? mean) =>
        string.Create(CultureInfo.InvariantCulture, $"{floor * 1e3:F3} ms");
}

/// <summary>How much of the time is the floor.</summary>
sealed class FloorShareColumn : FloorColumnBase
{
    public override string ColumnName => "Share";

    public override string Legend => "Floor / Mean";

    protected override string Text(double floor, double? mean) =>
        mean is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{100 * floor / seconds:F0} %") : "";
}
