namespace LdNetGpu.Devices;

/// <summary>
/// Keeps loops to their caller's thread for a while after one whose caller waited long for a helper that the system had
/// taken off its processor. On a busy machine that comes again with every time slice, and small loops would wait for
/// most of their time. The while doubles when a helper is late again soon after it.
/// </summary>
/// <remarks>One loop at a time; its caller asks and tells.</remarks>
sealed class StragglerBackoff(TimeProvider clock)
{
    /// <summary>A wait that is rare on an idle machine: a part of a time slice.</summary>
    static readonly TimeSpan Late = TimeSpan.FromMilliseconds(1);

    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromMilliseconds(640);

    /// <summary>How many whiles long "soon" is.</summary>
    const int Soon = 8;

    TimeSpan pause = Shortest;
    long? aloneSince, togetherSince;

    public long Now => clock.GetTimestamp();

    /// <summary>Whether the next loop is for the caller alone; ends the while when it is over.</summary>
    public bool StaysAlone()
    {
        if (aloneSince is not { } since) return false;
        if (clock.GetElapsedTime(since) < pause) return true;
        (aloneSince, togetherSince) = (null, clock.GetTimestamp());
        return false;
    }

    /// <summary>Tells how a loop went that was shared.</summary>
    /// <param name="begun">When the caller began its first part.</param>
    /// <param name="worked">When no part was left for it.</param>
    public void Shared(long begun, long worked)
    {
        var now = clock.GetTimestamp();
        var waited = clock.GetElapsedTime(worked, now);
        if (waited < Late || waited < 2 * clock.GetElapsedTime(begun, worked)) return;
        var isSoon = togetherSince is { } since && clock.GetElapsedTime(since, now) < Soon * pause;
        pause = !isSoon ? Shortest : pause < Longest ? 2 * pause : Longest;
        aloneSince = now;
    }
}
