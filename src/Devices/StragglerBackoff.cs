namespace LdNetGpu.Devices;

/// <summary>
/// Keeps loops to their caller's thread for a while when sharing them has cost more than it saved: on a busy machine
/// the system takes a helper off its processor while it holds a part, and the caller waits for a time slice. That comes
/// again with every slice, and small loops would wait for most of their time. The while doubles when it comes again
/// soon.
/// </summary>
/// <remarks>One loop at a time; its caller asks and tells.</remarks>
sealed class StragglerBackoff(TimeProvider clock)
{
    /// <summary>What may be lost beyond what was saved, and all that is remembered of savings.</summary>
    static readonly TimeSpan Credit = TimeSpan.FromMilliseconds(1);

    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromMilliseconds(640);

    /// <summary>How many whiles long "soon" is.</summary>
    const int Soon = 8;

    TimeSpan pause = Shortest, saved = Credit;
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
    /// <param name="share">How much of the loop's parts it ran, above 0 to 1: alone it would have run all.</param>
    public void Shared(long begun, long worked, double share)
    {
        var now = clock.GetTimestamp();
        var alone = clock.GetElapsedTime(begun, worked) / share;
        saved += alone - clock.GetElapsedTime(begun, now);
        if (saved > Credit) saved = Credit;
        if (saved >= TimeSpan.Zero) return;
        saved = Credit;
        var isSoon = togetherSince is { } since && clock.GetElapsedTime(since, now) < Soon * pause;
        pause = !isSoon ? Shortest : pause < Longest ? 2 * pause : Longest;
        aloneSince = now;
    }
}
