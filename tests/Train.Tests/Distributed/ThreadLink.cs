using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Tests.Distributed;

/// <summary>
/// Ranks that are threads of this process. What a rank begins is over when all have begun it; a rank that fails ends
/// all, and so does one that keeps the others waiting for longer than their patience.
/// </summary>
sealed unsafe class ThreadLink : IRankLink
{
    readonly Meeting meeting;
    int number;

    ThreadLink(Meeting meeting, int rank) => (this.meeting, Rank) = (meeting, rank);

    public int Rank { get; }

    public int Size => meeting.Size;

    public string Name => "threads";

    /// <summary>Runs the same on every rank, each on a thread of its own.</summary>
    /// <returns>What each came to; the error of the first that failed by itself is thrown.</returns>
    public static T[] Run<T>(int size, Func<RankGroup, T> body, RankGroupOptions? options = null)
    {
        var meeting = new Meeting(size, (options ?? new()).Patience);
        var (results, errors) = (new T[size], new Exception?[size]);
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            using var ranks = new RankGroup(new ThreadLink(meeting, rank), options ?? new());
            try
            {
                results[rank] = body(ranks);
            }
            catch (Exception error)
            {
                errors[rank] = error;
                ranks.Fail(error);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if ((errors.FirstOrDefault(error => error is not null and not RankFailedException)
            ?? errors.FirstOrDefault(error => error is not null)) is { } first)
            throw first;
        return results;
    }

    public IRankExchange Sum(float* values, int count) => meeting.Begin(number++, Rank, (nint)values, places =>
    {
        for (var i = 0; i < count; i++)
        {
            var sum = ((float*)places[0])[i];
            for (var rank = 1; rank < Size; rank++) sum += ((float*)places[rank])[i];
            foreach (var place in places) ((float*)place)[i] = sum;
        }
    });

    public IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths)
    {
        var copy = new Span<byte>(mine, length).ToArray();
        return meeting.Gather(number++, Rank, copy, (nint)all);
    }

    public bool Fail(string message, int exitCode)
    {
        meeting.End(new RankFailedException(Rank, $"rank {Rank}: {message}", isReported: false));
        return true;
    }

    public void Dispose() { }

    sealed class Meeting(int size, TimeSpan patience)
    {
        readonly Dictionary<int, Exchange> exchanges = [];
        RankFailedException? failure;

        public int Size => size;

        public TimeSpan Patience => patience;

        public IRankExchange Begin(int number, int rank, nint place, Action<nint[]> combine) =>
            Arrive(number, exchange =>
            {
                exchange.Places[rank] = place;
                if (++exchange.Arrived == size) combine(exchange.Places);
            });

        public IRankExchange Gather(int number, int rank, byte[] mine, nint into) => Arrive(number, exchange =>
        {
            (exchange.Places[rank], exchange.Parts[rank]) = (into, mine);
            if (++exchange.Arrived < size) return;
            byte[] all = [.. exchange.Parts.SelectMany(part => part)];
            foreach (var place in exchange.Places) all.CopyTo(new Span<byte>((void*)place, all.Length));
        });

        public void End(RankFailedException error)
        {
            lock (exchanges)
            {
                failure ??= error;
                Monitor.PulseAll(exchanges);
            }
        }

        Exchange Arrive(int number, Action<Exchange> arrive)
        {
            lock (exchanges)
            {
                // Who gave up waiting has taken its memory along.
                if (failure is not null) throw failure;
                if (!exchanges.TryGetValue(number, out var exchange))
                    exchanges[number] = exchange = new(this, size);
                arrive(exchange);
                if (exchange.Arrived == size) exchanges.Remove(number);
                Monitor.PulseAll(exchanges);
                return exchange;
            }
        }

        sealed class Exchange(Meeting meeting, int size) : IRankExchange
        {
            public nint[] Places { get; } = new nint[size];

            public byte[][] Parts { get; } = new byte[size][];

            public int Arrived { get; set; }

            public void Wait()
            {
                lock (meeting.exchanges)
                {
                    while (Arrived < size && meeting.failure is null)
                        if (!Monitor.Wait(meeting.exchanges, meeting.Patience) && Arrived < size)
                            meeting.End(new(0, "a rank has not come", isReported: false));
                    if (Arrived < size) throw meeting.failure!;
                }
            }
        }
    }
}
