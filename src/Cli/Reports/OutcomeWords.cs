using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Cli.Reports;

/// <summary>What became of a span, for people and for scripts.</summary>
static class OutcomeWords
{
    public static string Of(SpanOutcome outcome) => outcome switch
    {
        SpanOutcome.Correct => "correct",
        SpanOutcome.WrongType => "wrong type",
        SpanOutcome.WrongExtent => "wrong words",
        SpanOutcome.WrongBoth => "wrong type and words",
        SpanOutcome.Missed => "missed",
        _ => "spurious",
    };

    /// <summary>As a key of JSON: <c>wrong_type</c>.</summary>
    public static string Key(SpanOutcome outcome) => Of(outcome).Replace(' ', '_');
}
