using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Devices.Nccl;

namespace LdNetGpu.Train.Distributed;

/// <summary>How long the ranks of a run wait for each other, and what ends one that waits in vain.</summary>
public sealed record RankGroupOptions
{
    /// <summary>How long a rank may not be heard of before it is taken for gone; ranks say every second that they are
    /// alive.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a rank that is alive may keep the others waiting.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of gradients that set out together, in the midst of the backward pass.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long BucketBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 4 << 20;

    /// <summary>Whether the ranks compute on NVIDIA GPUs: those that no MPI joins must.</summary>
    public bool OnGpus { get; init; }

    /// <summary>Whether each rank keeps its part of the optimizer's state alone, instead of each all of it.</summary>
    public bool ShardsOptimizer { get; init; }

    /// <summary>Called, on another thread, where a rank failed and this process did not come to notice it within
    /// 5 s.</summary>
    public Action<RankFailedException> Abandon
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Abandon));
    } = _ => { };
}

/// <summary>What a rank has exchanged so far.</summary>
/// <param name="Bytes">That it had to send, were each exchange a ring: 2 · (N - 1) / N of a sum, N - 1 times its own
/// part of what was brought together.</param>
/// <param name="Exchanges">How many.</param>
/// <param name="Waited">How long the step waited for them.</param>
public readonly record struct RankTraffic(long Bytes, long Exchanges, TimeSpan Waited)
{
    /// <summary>What came between two moments.</summary>
    /// <param name="later">At the second.</param>
    /// <param name="earlier">At the first.</param>
    public static RankTraffic operator -(RankTraffic later, RankTraffic earlier) =>
        new(later.Bytes - earlier.Bytes, later.Exchanges - earlier.Exchanges, later.Waited - earlier.Waited);
}

/// <summary>
/// The processes that train one model together, as <c>mpirun</c>, <c>srun</c> or <c>torchrun</c> has started them: each
/// is a rank, from 0. Every rank calls the same methods in the same order, from one thread.
/// </summary>
public sealed unsafe class RankGroup : IStateShards, IDisposable
{
    readonly IRankLink link;
    GpuExchange? gpus;
    ComputeDevice? used;
    long bytes, exchanges;
    TimeSpan waited;

    internal RankGroup(IRankLink link, RankGroupOptions options, int localRank = 0) =>
        (this.link, Options, LocalRank) = (link, options, localRank);

    /// <summary>This process, from 0.</summary>
    public int Rank => link.Rank;

    /// <summary>Processes in all.</summary>
    public int Size => link.Size;

    /// <summary>This process among those of its machine, from 0.</summary>
    public int LocalRank { get; }

    /// <summary>What carries the messages: <c>Open MPI v4.1.4</c>, <c>TCP and NCCL 2.27.3</c>.</summary>
    public string Name => gpus is null ? link.Name : $"{link.Name} and {gpus.Name}";

    /// <summary>Whether this rank is 0: the one that writes folders and speaks to people.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>How the ranks were joined.</summary>
    public RankGroupOptions Options { get; }

    /// <summary>What was exchanged so far.</summary>
    public RankTraffic Traffic => new(bytes, exchanges, waited);

    /// <summary>Joins the processes that the launcher has started.</summary>
    /// <param name="options">How long to wait for others.</param>
    /// <returns>Null where this process has no launcher, or is the only one.</returns>
    /// <exception cref="UserException">There is no MPI library, or not the launcher's; without a launcher of MPI, there
    /// is no NCCL, no GPU, or not every rank has come; srun has no PMI.</exception>
    public static RankGroup? Join(RankGroupOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Launcher.Detect() is not { } launcher || launcher.Size == 1) return null;
        if (launcher.Kind == LauncherKind.SlurmWithoutPmi)
            throw new RankFailedException(launcher.Rank, $"srun has started {launcher.Size} tasks and nothing to join "
                + "them by. Set SLURM_MPI_TYPE before srun: pmi2 for MPICH's family, pmix for Open MPI. For runs by "
                + "themselves take SLURM_STEP_NUM_TASKS out of the environment.",
                isReported: launcher.Rank > 0);
        if (launcher.Kind == LauncherKind.Torchrun) return JoinWithoutMpi(launcher, options);
        var mpi = MpiOf(launcher);
        var link = new MpiLink(mpi, options.Silence, options.Patience, options.Abandon);
        if (launcher.Size == 0 || link.Size == launcher.Size) return new(link, options, launcher.LocalRank);
        throw new UserException($"{launcher.Name} has started {Counted(launcher.Size)}, and {mpi.Version} finds "
            + $"{link.Size}: " + (launcher.IsSlurm
                ? "it does not speak what srun joins tasks by. Set SLURM_MPI_TYPE before srun: pmi2 for MPICH's "
                    + $"family, pmix for Open MPI, or {MpiLibrary.Variable} to the library that was built for it."
                : $"mpirun and the library are not of one installation. Set {MpiLibrary.Variable} to the library of "
                    + "that mpirun."));
    }

    static MpiLibrary MpiOf(Launcher launcher)
    {
        var library = MpiLibrary.Search(launcher.Kind);
        if (!library.Found)
            throw new UserException($"{launcher.Name} has started {Counted(launcher.Size)}, and there is no "
                + $"{library.Library} to join them with. Tried:{Environment.NewLine}{library.Describe()}"
                + $"{Environment.NewLine}Install the library of the same MPI as mpirun, or set {MpiLibrary.Variable} "
                + "to its path.");
        var mpi = new MpiLibrary(library);
        return mpi.Serves(launcher.Kind) ? mpi
            : throw new UserException($"{launcher.Name} has started this process, and {mpi.Place} is {mpi.Version}: "
                + $"each rank would be alone. Take the mpirun of the same MPI, or set {MpiLibrary.Variable} to the "
                + "other's library.");
    }

    static RankGroup JoinWithoutMpi(Launcher launcher, RankGroupOptions options)
    {
        if (!options.OnGpus)
            throw new UserException("RANK and WORLD_SIZE are set, and no launcher of MPI is: ranks that exchange "
                + "gradients without MPI do so by NCCL, and need NVIDIA GPUs. Start with mpirun or srun, compute on a "
                + "GPU, or take RANK out of the environment.");
        RequireNccl();
        var address = RankAddress.Of(Environment.GetEnvironmentVariable);
        return new(new TcpLink(address, launcher.Rank, launcher.Size, options.Silence, options.Patience,
            options.Abandon), options, launcher.LocalRank);
    }

    static NcclApi RequireNccl()
    {
        var library = NcclApi.Search();
        return library.Found ? new(library)
            : throw new UserException("Ranks that exchange gradients without MPI need NCCL, and there is none. "
                + $"Tried:{Environment.NewLine}{library.Describe()}{Environment.NewLine}Install it, or set "
                + $"{NcclApi.Variable} to its path.");
    }

    /// <summary>
    /// Says on which device this rank computes. Where every rank has an NVIDIA GPU of its own and NCCL, gradients go
    /// from GPU to GPU from here on; ranks that no MPI joins need that. All ranks call it, and a second time it does
    /// nothing.
    /// </summary>
    /// <param name="device">Of this rank.</param>
    /// <exception cref="UserException">Ranks without MPI lack a GPU each, or one NCCL for all.</exception>
    public void Use(ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device == used) return;
        gpus?.Dispose();
        (gpus, used) = (null, device);
        if (link is not WatchedLink watched) return;
        var nvidia = device as NvidiaDevice;
        if (link is TcpLink && nvidia is null)
            throw new UserException($"{device} and no MPI: ranks that exchange gradients without MPI do so by NCCL, "
                + "and need NVIDIA GPUs.");
        var nccl = link is TcpLink ? RequireNccl() : nvidia is not null && NcclApi.Search() is { Found: true } found
            ? new NcclApi(found) : null;
        var all = Array.ConvertAll(Gather($"{nccl?.Version} {nvidia?.Id}"), one => one.Split(' '));
        // The rank that came first to each rank's GPU.
        var firsts = Array.ConvertAll(all, one => Array.FindIndex(all, other => other[1] == one[1]));
        var second = Enumerable.Range(0, Size).FirstOrDefault(rank => firsts[rank] != rank);
        if (link is TcpLink)
        {
            RequireSame("NCCL", nccl!.Version);
            if (second > 0)
                throw new RankFailedException(second, $"rank {second} and rank {firsts[second]} compute on one GPU, "
                    + $"{all[second][1]}, and NCCL wants one for each. Start no more ranks on a machine than it has "
                    + "GPUs, and let each take its own.", isReported: !IsFirst);
        }
        else if (nccl is null || second > 0 || all.Any(one => one[0] != nccl.Version)) return;
        var id = IsFirst ? NcclCommunicator.NewId(nccl!) : default;
        gpus = new(watched, nccl!, nvidia!, MemoryMarshal.Read<NcclUniqueId>(
            FromFirst(MemoryMarshal.AsBytes(new ReadOnlySpan<NcclUniqueId>(in id)))));
    }

    /// <summary>This rank's part of the rows of a batch, dealt out in turn: rank, rank + N, rank + 2 · N, ...</summary>
    /// <param name="rows">Of the whole batch, at each step.</param>
    /// <returns>As dropout takes it; its <see cref="RowShare.Rows"/> may be 0.</returns>
    public RowShare ShareOf(int rows) => new((rows - Rank + Size - 1) / Size, rows, Rank, Size);

    /// <summary>
    /// Tells the other ranks that this one cannot go on, where it was not they who said so, and waits until rank 0 has
    /// told people.
    /// </summary>
    /// <param name="error">Why.</param>
    /// <param name="message">The same in words; null for its own.</param>
    /// <param name="exitCode">With which this process ends.</param>
    /// <returns>Whether people are told by rank 0, and need not be by this one.</returns>
    public bool Fail(Exception error, string? message = null, int exitCode = 1)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error is RankFailedException known ? known.IsReported
            : link.Fail(message ?? error.Message, exitCode);
    }

    /// <summary>Leaves the others; waits for them where nothing has failed.</summary>
    public void Dispose()
    {
        gpus?.Dispose();
        link.Dispose();
    }

    /// <summary>Brings each rank's values together, in the order of the ranks.</summary>
    /// <typeparam name="T">Plain numbers.</typeparam>
    /// <param name="mine">Of this rank; other ranks may have more or fewer.</param>
    /// <exception cref="RankFailedException">A rank is gone.</exception>
    internal T[][] Gather<T>(ReadOnlySpan<T> mine) where T : unmanaged
    {
        var lengths = new int[Size];
        int[] length = [checked(mine.Length * sizeof(T))];
        Bring(MemoryMarshal.AsBytes<int>(length), MemoryMarshal.AsBytes(lengths.AsSpan()),
            [.. Enumerable.Repeat(sizeof(int), Size)]);
        var together = new T[checked((int)lengths.Sum(one => (long)one)) / sizeof(T)];
        Bring(MemoryMarshal.AsBytes(mine), MemoryMarshal.AsBytes(together.AsSpan()), lengths);
        var parts = new T[Size][];
        for (int rank = 0, start = 0; rank < Size; start += lengths[rank++] / sizeof(T))
            parts[rank] = together[start..(start + lengths[rank] / sizeof(T))];
        return parts;
    }

    /// <summary>The same of texts.</summary>
    internal string[] Gather(string mine) =>
        Array.ConvertAll(Gather<byte>(Encoding.UTF8.GetBytes(mine)), Encoding.UTF8.GetString);

    /// <summary>Rank 0's bytes, on every rank.</summary>
    internal byte[] FromFirst(ReadOnlySpan<byte> bytes) => Gather(IsFirst ? bytes : default)[0];

    int IStateShards.Shard => Rank;

    int IStateShards.Shards => Size;

    void IStateShards.Gather<T>(ReadOnlySpan<T> mine, Span<T> all, ReadOnlySpan<int> counts) =>
        Gather(mine, all, counts);

    /// <summary>Brings together values of which every rank knows how many each has: one exchange.</summary>
    internal void Gather<T>(ReadOnlySpan<T> mine, Span<T> all, ReadOnlySpan<int> counts) where T : unmanaged
    {
        var lengths = new int[Size];
        for (var rank = 0; rank < Size; rank++) lengths[rank] = checked(counts[rank] * sizeof(T));
        Bring(MemoryMarshal.AsBytes(mine), MemoryMarshal.AsBytes(all), lengths);
    }

    /// <summary>These ranks where they share an optimizer's state; null where each has its own.</summary>
    internal IStateShards? Shards => Options.ShardsOptimizer ? this : null;

    /// <summary>Memory for numbers that the ranks add up, step after step.</summary>
    /// <param name="gradients">Numbers where the parameters are.</param>
    /// <param name="words">Numbers of the host.</param>
    internal IRankSum NewSum(int gradients, int words) =>
        gpus?.NewSum(gradients, words) ?? new HostSum(link, gradients, words);

    /// <summary>The one thread that exchanges for now, while others are at work alone; null where that is the caller's
    /// own affair.</summary>
    internal Thread? Speaker { private get; set; }

    void RequireSpeaker()
    {
        if (Speaker is { } one && one != Thread.CurrentThread)
            throw new InvalidOperationException("Each rank is at work alone: what the ranks exchange comes before or "
                + "after.");
    }

    /// <summary>Begins to add what is in it.</summary>
    internal void Begin(IRankSum sum)
    {
        RequireSpeaker();
        bytes += 2L * (Size - 1) * sum.Count * sizeof(float) / Size;
        exchanges++;
        sum.Begin();
    }

    /// <summary>What is done with its gradients from here on is done with the sums.</summary>
    internal void Follow(IRankSum sum) => Timed(sum.Follow);

    /// <summary>Waits until the host has the sums of its numbers.</summary>
    internal void Wait(IRankSum sum) => Timed(sum.Wait);

    void Timed(Action wait)
    {
        var clock = Stopwatch.GetTimestamp();
        wait();
        waited += Stopwatch.GetElapsedTime(clock);
    }

    /// <summary>Makes sure that all ranks were started alike.</summary>
    /// <param name="name">What is compared, for people.</param>
    /// <param name="value">Of this rank.</param>
    /// <exception cref="RankFailedException">Names the first rank that differs from rank 0.</exception>
    public void RequireSame(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        RequireSame([(name, value)]);
    }

    /// <summary>Makes sure that all ranks were started alike.</summary>
    /// <param name="facts">What each is told by: name and value.</param>
    /// <exception cref="RankFailedException">Names the first rank that differs from rank 0, and in what.</exception>
    internal void RequireSame(IReadOnlyList<(string Name, string Value)> facts)
    {
        const char Between = '\u001f';
        var all = Gather(string.Join(Between, facts.SelectMany(fact => new[] { fact.Name, fact.Value })));
        var first = all[0].Split(Between);
        for (var rank = 1; rank < Size; rank++)
        {
            var other = all[rank].Split(Between);
            for (var i = 1; i < Math.Max(first.Length, other.Length); i += 2)
            {
                string Said(string[] told) => told.ElementAtOrDefault(i) ?? "not given";
                var (here, there) = (Said(first), Said(other));
                if (here == there) continue;
                var name = first.ElementAtOrDefault(i - 1) ?? other[i - 1];
                var (at0, atOther) = Difference(here, there);
                throw new RankFailedException(rank, $"rank {rank} was started with another {name} than rank 0: "
                    + $"{atOther} there, {at0} here. Start all ranks with the same program, command line and files.",
                    isReported: !IsFirst);
            }
        }
    }

    // Of long texts, command lines say, the words between those that are the same from either end.
    static (string One, string Other) Difference(string one, string other)
    {
        const int Short = 100;
        if (one.Length + other.Length < Short) return (one, other);
        var (a, b) = (one.Split(' '), other.Split(' '));
        var most = Math.Min(a.Length, b.Length);
        var before = 0;
        while (before < most && a[before] == b[before]) before++;
        var after = 0;
        while (after < most - before && a[^(after + 1)] == b[^(after + 1)]) after++;
        // With the word before: an option's name, where its value differs.
        string Between(string[] words) =>
            string.Join(' ', words[Math.Max(0, before - 1)..^after]) is { Length: > 0 } some ? $"'{some}'" : "nothing";
        return (Between(a), Between(b));
    }

    // Memory belongs to the link until the exchange is over.
    void Bring(ReadOnlySpan<byte> mine, Span<byte> all, int[] lengths)
    {
        RequireSpeaker();
        bytes += lengths[Rank] * (Size - 1L);
        exchanges++;
        var clock = Stopwatch.GetTimestamp();
        // While each rank is at work alone, its GPU is not to wait for the others'.
        if (gpus is not null && Speaker is null) gpus.Gather(mine, all, lengths);
        else
            fixed (byte* from = mine, into = all) link.Gather(from, lengths[Rank], into, lengths).Wait();
        waited += Stopwatch.GetElapsedTime(clock);
    }

    /// <summary>Says where a run goes on with another number of ranks than it was saved by.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="saved">Ranks that saved it.</param>
    /// <param name="ranks">Those now; null for one process.</param>
    /// <param name="progress">Told so.</param>
    internal static void NoteChange(string folder, int saved, RankGroup? ranks, IProgress<WorkProgress>? progress)
    {
        if (saved == (ranks?.Size ?? 1)) return;
        progress?.Report(WorkProgress.Note($"{folder}: saved by {Counted(saved)}, goes on with "
            + $"{Counted(ranks?.Size ?? 1)}: the same training, and not the same bits, as sums are added in another "
            + "order."));
    }

    static string Counted(int ranks) =>
        ranks switch { 0 => "several ranks", 1 => "one process", _ => $"{ranks} ranks" };
}
