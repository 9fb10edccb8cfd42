namespace LdNetGpu.Train.Training;

/// <summary>
/// Whether something is at work in this process that would be lost if the process ended now: a trainer's steps since
/// its last checkpoint, requests that others wait for. All else may be ended at any moment.
/// </summary>
static class UnsavedWork
{
    static int works;

    /// <summary>There is some.</summary>
    public static bool Exists => Volatile.Read(ref works) > 0;

    /// <summary>Some begins; disposing of the result says that nothing of it would be lost any more.</summary>
    public static IDisposable Begin()
    {
        Interlocked.Increment(ref works);
        return new Work();
    }

    sealed class Work : IDisposable
    {
        int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0) Interlocked.Decrement(ref works);
        }
    }
}
