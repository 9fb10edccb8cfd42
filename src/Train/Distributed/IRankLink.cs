namespace LdNetGpu.Train.Distributed;

/// <summary>An exchange between the ranks that has begun.</summary>
interface IRankExchange
{
    /// <summary>Waits until this rank has its result.</summary>
    /// <exception cref="RankFailedException">Another rank is gone, so that there will be none.</exception>
    void Wait();
}

/// <summary>
/// How the processes of a run reach each other. Every rank begins the same exchanges in the same order, from one
/// thread; memory belongs to an exchange until it was waited for.
/// </summary>
unsafe interface IRankLink : IDisposable
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>Processes in all.</summary>
    int Size { get; }

    /// <summary>What carries the messages, for people: <c>MPICH 4.0.2</c>.</summary>
    string Name { get; }

    /// <summary>Adds the ranks' numbers element by element, in place; every rank gets the same bits.</summary>
    /// <param name="values">As many on every rank.</param>
    /// <param name="count">Elements.</param>
    IRankExchange Sum(float* values, int count);

    /// <summary>Brings together what each rank has.</summary>
    /// <param name="mine">Bytes of this rank.</param>
    /// <param name="length">Of <paramref name="mine"/>.</param>
    /// <param name="all">Gets the bytes of rank 0, of rank 1, ...</param>
    /// <param name="lengths">Bytes of each rank; those of this one are <paramref name="length"/>.</param>
    IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths);

    /// <summary>Tells the other ranks that this one cannot go on, and waits until rank 0 has told people.</summary>
    /// <param name="message">Why, for people.</param>
    /// <param name="exitCode">Of this process, which tells people itself where rank 0 does not.</param>
    /// <returns>Whether rank 0 has; it does not where it is gone too, or is this one.</returns>
    bool Fail(string message, int exitCode);
}
