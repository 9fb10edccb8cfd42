using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LdNetGpu.Bench;

const int LongestRow = 40;

// In this process: the project that BenchmarkDotNet would write and build takes this repository's build settings, which
// are not meant for it.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator())
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddExporter(JsonExporter.Full, MarkdownExporter.GitHub)
    .AddColumn(new FloorColumn(), new FloorShareColumn())
    .HideColumns(Column.Error, Column.StdDev)
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(LongestRow));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
