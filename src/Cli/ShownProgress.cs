using LdNetGpu.Train;

namespace LdNetGpu.Cli;

/// <summary>
/// Shows what the library reports: one bar, or one line now and then, for each work; a work with another label ends the
/// one before it.
/// </summary>
sealed class ShownProgress(CommandContext context) : IProgress<WorkProgress>
{
    Progress? shown;
    WorkProgress? last;

    /// <inheritdoc/>
    public void Report(WorkProgress value)
    {
        context.Observer?.Report(value);
        if (value.Message is { } message)
        {
            if (shown is null) context.Note(message);
            else shown.Note(message);
            return;
        }
        if (shown is null || last?.Label != value.Label || value.Done < last.Done)
        {
            End();
            // The clock starts here: what is done already took other time.
            shown = context.StartProgress(value.Label, value.Total, value.Unit, value.Done);
        }
        shown.Advance(value.Done - (last?.Done ?? value.Done), value.Detail.Length > 0 ? value.Detail : null);
        last = value;
    }

    /// <summary>The last line of what is shown: results may follow.</summary>
    public void End()
    {
        shown?.Dispose();
        (shown, last) = (null, null);
    }
}
