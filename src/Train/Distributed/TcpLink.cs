using System.Buffers.Binary;
using System.Net.Sockets;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Distributed;

/// <summary>
/// A connection of every rank to rank 0, for ranks whose gradients go from GPU to GPU: for the little that is said
/// besides. What all bring together goes to rank 0 and from there to all.
/// </summary>
sealed unsafe class TcpLink : WatchedLink
{
    const int Part = 10, Together = 11;
    const int HeadBytes = 2 * sizeof(int);
    const int LongestFrame = 1 << 28;

    readonly RankAddress address;
    readonly (int Rank, int Size) place;
    readonly TimeSpan silence;
    readonly Queue<(int From, int Tag, byte[] Bytes)> heard = [];
    readonly Queue<byte[]> together = [];
    Connection[] connections = [];
    int next, over;

    /// <summary>Joins the other processes.</summary>
    /// <param name="address">Where rank 0 is.</param>
    /// <param name="rank">This process, from 0.</param>
    /// <param name="size">Processes in all.</param>
    /// <param name="silence">How long a rank may not be heard of.</param>
    /// <param name="patience">How long an exchange may take in which a rank that is alive does not take part.</param>
    /// <param name="abandon">Ends this process where another one failed and the step did not notice within 5 s.</param>
    /// <exception cref="UserException">The others do not come; says who, or what is at the address instead.</exception>
    public TcpLink(RankAddress address, int rank, int size, TimeSpan silence, TimeSpan patience,
        Action<RankFailedException> abandon) : base(silence, patience, abandon)
    {
        (this.address, place, this.silence) = (address, (rank, size), silence);
        Join(Timeout.InfiniteTimeSpan);
    }

    public override string Name => "TCP";

    /// <exception cref="UserException">Always: numbers are added by the GPUs.</exception>
    public override IRankExchange Sum(float* values, int count) =>
        throw new UserException("gradients on the CPU: ranks without MPI add only those of NVIDIA GPUs, by NCCL.");

    public override IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths) =>
        Begin(new Gathering(this, new ReadOnlySpan<byte>(mine, length).ToArray(), all, lengths));

    protected override (int Rank, int Size) FindOthers()
    {
        // Ranks start one after the other, and a machine may take its time.
        connections = [.. RankMeeting.Hold(address, place.Rank, place.Size, 3 * silence)
            .Select(other => new Connection(other.Rank, other.Socket))];
        return place;
    }

    protected override void Send(int to, int tag, byte[] bytes) => ConnectionOf(to).Add(tag, bytes);

    protected override bool HasUnsent(int? to)
    {
        foreach (var connection in connections) connection.Push();
        return Array.Exists(connections, one => (to is null || one.Rank == to) && one.HasUnsent);
    }

    protected override bool TryHear(out int from, out int tag, out byte[] bytes)
    {
        Pull();
        var isThere = heard.TryDequeue(out var first);
        (from, tag, bytes) = first;
        return isThere;
    }

    // What it has said before counts first.
    protected override bool IsGone(int rank) => ConnectionOf(rank) is { IsClosed: true, Parts.Count: 0 }
        && heard.Count == 0 && together.Count == 0;

    protected override Exchange NewParting() => new Gathering(this, [], null, new int[Size]);

    protected override void Close()
    {
        foreach (var connection in connections) connection.Close();
    }

    Connection ConnectionOf(int rank) => Rank == 0 ? connections[rank - 1] : connections[0];

    void Pull()
    {
        foreach (var connection in connections)
        {
            connection.Push();
            while (connection.TryPull(out var tag, out var bytes))
            {
                if (tag == Part) connection.Parts.Enqueue(bytes);
                else if (tag == Together) together.Enqueue(bytes);
                else heard.Enqueue((connection.Rank, tag, bytes));
            }
        }
    }

    /// <summary>What every rank has: by way of rank 0, one after the other.</summary>
    sealed class Gathering(TcpLink link, byte[] mine, byte* all, int[] lengths) : Exchange(link)
    {
        int number;

        protected override void Start()
        {
            number = link.next++;
            if (link.Rank != 0) link.Send(0, Part, mine);
        }

        public override bool IsOver()
        {
            if (number != link.over) return false;
            link.Pull();
            if (link.Rank == 0)
            {
                if (Array.Exists(link.connections, other => other.Parts.Count == 0)) return false;
                byte[] whole = [.. mine, .. link.connections.SelectMany(other => other.Parts.Dequeue())];
                foreach (var other in link.connections) other.Add(Together, whole);
                Take(whole);
            }
            else
            {
                if (!link.together.TryDequeue(out var whole)) return false;
                Take(whole);
            }
            link.over++;
            return true;
        }

        void Take(byte[] whole)
        {
            if (whole.Length != lengths.Sum(length => (long)length))
                throw new UserException($"exchange {number} brought {whole.Length} bytes, not "
                    + $"{lengths.Sum(length => (long)length)}: the ranks do not do the same.");
            whole.CopyTo(new Span<byte>(all, whole.Length));
        }
    }

    /// <summary>To one other rank: frames of a tag, a length and bytes, without ever waiting.</summary>
    sealed class Connection
    {
        readonly Socket socket;
        readonly Queue<byte[]> unsent = [];
        readonly byte[] head = new byte[HeadBytes];
        byte[]? body;
        int sent, received;

        public Connection(int rank, Socket socket)
        {
            (Rank, this.socket) = (rank, socket);
            (socket.Blocking, socket.NoDelay) = (false, true);
        }

        public int Rank { get; }

        public bool IsClosed { get; private set; }

        public bool HasUnsent => unsent.Count > 0;

        /// <summary>What the rank had for exchanges that this one has not ended.</summary>
        public Queue<byte[]> Parts { get; } = [];

        public void Add(int tag, byte[] bytes)
        {
            if (IsClosed) return;
            var frame = new byte[HeadBytes + bytes.Length];
            BinaryPrimitives.WriteInt32LittleEndian(frame, tag);
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(sizeof(int)), bytes.Length);
            bytes.CopyTo(frame.AsSpan(HeadBytes));
            unsent.Enqueue(frame);
            Push();
        }

        public void Push()
        {
            while (unsent.TryPeek(out var frame))
            {
                var count = socket.Send(frame.AsSpan(sent), SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock) return;
                if (error != SocketError.Success)
                {
                    // What it has said may still be there to be read.
                    unsent.Clear();
                    return;
                }
                sent += count;
                if (sent < frame.Length) continue;
                unsent.Dequeue();
                sent = 0;
            }
        }

        public bool TryPull(out int tag, out byte[] bytes)
        {
            (tag, bytes) = (0, []);
            if (body is null)
            {
                if (!TryFill(head)) return false;
                var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(int)));
                if (length is < 0 or > LongestFrame)
                    throw new UserException($"rank {Rank} sends what is no message of this program.");
                body = new byte[length];
            }
            if (!TryFill(body)) return false;
            (tag, bytes, body) = (BinaryPrimitives.ReadInt32LittleEndian(head), body, null);
            return true;
        }

        public void Close() => socket.Dispose();

        bool TryFill(byte[] whole)
        {
            while (received < whole.Length && !IsClosed)
            {
                var count = socket.Receive(whole.AsSpan(received), SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock) return false;
                IsClosed = error != SocketError.Success || count == 0;
                received += count;
            }
            if (received < whole.Length) return false;
            received = 0;
            return true;
        }
    }
}
