namespace LdNetGpu.Train.Training;

/// <summary>
/// Whether a trainer is at work in this process, whose steps since its last checkpoint would be lost if the process
/// ended now. All else may be ended at any moment.
/// </summary>
static class UnsavedWork
{
    static int trainers;

    /// <summary>A trainer is at work.</summary>
    public static bool Exists => Volatile.Read(ref trainers) > 0;

    /// <summary>A trainer begins; disposing of the result says that its folder holds where it stopped.</summary>
    public static IDisposable Begin()
    {
        Interlocked.Increment(ref trainers);
        return new Work();
    }

    sealed class Work : IDisposable
    {
        int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0) Interlocked.Decrement(ref trainers);
        }
    }
}
