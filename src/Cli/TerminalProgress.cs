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

    /// <param name="label">What is being done.</param>
    /// <param name="total">Units in all; 0 when unknown.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="before">Units that were done before, a resumed run's: they count as done and not as fast.</param>
    public TerminalProgress(string label, long total, string unit, long before)
    {
        this.label = label;
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var started = new TaskCompletionSource<ProgressTask>();
        drawing = console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RateColumn(unit, before), new RemainingColumn(before))
            .StartAsync(async context =>
            {
                started.SetResult(context.AddTask(Markup.Escape(label), maxValue: Math.Max(1, total)));
                await finished.Task.ConfigureAwait(false);
            });
        task = started.Task.GetAwaiter().GetResult();
        task.IsIndeterminate = total == 0;
        task.Increment(before);
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

    // Units a second of this run; 0 before there are any.
    static double Rate(ProgressTask task, long before) =>
        task.ElapsedTime is { TotalSeconds: > 0 and var seconds } ? (task.Value - before) / seconds : 0;

    sealed class RateColumn(string unit, long before) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Rate(task, before) is > 0 and var rate ? $"{rate:N1} {unit}/s" : "");
    }

    sealed class RemainingColumn(long before) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(!task.IsIndeterminate && Rate(task, before) is > 0 and var rate
                ? $"{Duration.Text(TimeSpan.FromSeconds((task.MaxValue - task.Value) / rate))} left" : "");
    }
}
