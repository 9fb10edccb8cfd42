namespace LdNetGpu.Train;

/// <summary>How far a long work is; rate and time left are for the listener to work out.</summary>
/// <param name="Label">What is being done: <c>forward language model</c>. Empty for a message that belongs to no such
/// work.</param>
/// <param name="Done">Units done, those of a run that was resumed among them.</param>
/// <param name="Total">Units in all; 0 where that is not known.</param>
/// <param name="Unit">What is counted, in the plural: <c>words</c>.</param>
public sealed record WorkProgress(string Label, long Done, long Total, string Unit)
{
    /// <summary>To be shown beside, such as <c>loss 4.31</c>.</summary>
    public string Detail { get; init; } = "";

    /// <summary>A line worth keeping, such as an epoch's figures; null for most.</summary>
    public string? Message { get; init; }

    /// <summary>A line that belongs to no work.</summary>
    /// <param name="message">For people.</param>
    public static WorkProgress Note(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new("", 0, 0, "") { Message = message };
    }
}
