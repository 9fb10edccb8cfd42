namespace LdNetGpu.Cli;

/// <summary>How far a long work is. Not for use from several threads at once.</summary>
public abstract class Progress : IDisposable
{
    /// <summary>
    /// Counts <paramref name="units"/> as done; <paramref name="detail"/> is shown beside, such as <c>loss 4.31</c>.
    /// </summary>
    public abstract void Advance(long units, string? detail = null);

    /// <summary>One line above the bar.</summary>
    public abstract void Note(string line);

    public abstract void Dispose();
}
