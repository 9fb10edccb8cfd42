using Spectre.Console;
using Spectre.Console.Rendering;

namespace LdNetGpu.Cli;

/// <summary>
/// Progress for a person at a terminal: bar, share, rate and time left, redrawn in place on standard error.
/// </summary>
sealed class TerminalProgress : Progress
{
    readonly TaskCompletionSource finished = new();
    readonly IAnsiConsole console;
    readonly Task drawing;
    readonly ProgressTask task;
    readonly string label;

    public TerminalProgress(string label, long total, string unit)
    {
        this.label = label;
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var started = new TaskCompletionSource<ProgressTask>();
        drawing = console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(unit),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                started.SetResult(context.AddTask(Markup.Escape(label), maxValue: Math.Max(1, total)));
                await finished.Task.ConfigureAwait(false);
            });
        task = started.Task.GetAwaiter().GetResult();
        task.IsIndeterminate = total == 0;
    }

    public override void Advance(long units, string? detail = null)
    {
        task.Increment(units);
        if (detail != null) task.Description = Markup.Escape($"{label}, {detail}");
    }

    public override void Note(string line) => console.WriteLine(line);

    public override void Dispose()
    {
        finished.TrySetResult();
        drawing.GetAwaiter().GetResult();
    }

    sealed class RateColumn(string unit) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } speed ? $"{speed:N1} {unit}/s" : "");
    }
}
