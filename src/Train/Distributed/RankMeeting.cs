using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Distributed;

/// <summary>How ranks come together: rank 0 waits at an address, the others come and say who they are.</summary>
static class RankMeeting
{
    const int HelloBytes = 4 * sizeof(int);
    const int Version = 1;

    static readonly byte[] Magic = "LdNR"u8.ToArray();
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Meets the others.</summary>
    /// <param name="address">Where rank 0 waits.</param>
    /// <param name="rank">This process.</param>
    /// <param name="size">Processes in all.</param>
    /// <param name="time">How long to wait for the others.</param>
    /// <returns>At rank 0 a connection to each other rank, in their order; elsewhere that to rank 0.</returns>
    /// <exception cref="UserException">Not all have come in time, or others than those were there.</exception>
    public static (int Rank, Socket Socket)[] Hold(RankAddress address, int rank, int size, TimeSpan time)
    {
        var places = Resolve(address.Host);
        return rank == 0 ? WaitForOthers(address, places, size, time) : [(0, Come(address, places, rank, size, time))];
    }

    static IPAddress[] Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            throw new UserException($"MASTER_ADDR={host}: there is no such machine: {error.Message}");
        }
    }

    static (int, Socket)[] WaitForOthers(RankAddress address, IPAddress[] places, int size, TimeSpan time)
    {
        using var listener = Listener(address, places, size);
        var others = new Socket?[size];
        var clock = Stopwatch.StartNew();
        try
        {
            while (Enumerable.Range(1, size - 1).Where(rank => others[rank] is null).ToArray() is [_, ..] missing)
            {
                if (clock.Elapsed > time)
                    throw new UserException(Invariant($"rank 0 has waited {time.TotalSeconds:f0} s at {address}, and ")
                        + $"{Counted(missing)} not come. Were all started with the same MASTER_ADDR, MASTER_PORT and "
                        + "WORLD_SIZE and each with a RANK of its own, and may they reach that port?");
                if (!listener.Poll(Between, SelectMode.SelectRead)) continue;
                var socket = listener.Accept();
                if (Greet(socket, size) is not { } rank) socket.Dispose();
                else if (rank <= 0 || rank >= size || others[rank] is not null)
                    throw new UserException($"two processes say at {address} that they are rank {rank} of {size}: RANK "
                        + "must differ from process to process.");
                else others[rank] = socket;
            }
            return [.. Enumerable.Range(1, size - 1).Select(rank => (rank, others[rank]!))];
        }
        catch
        {
            foreach (var socket in others) socket?.Dispose();
            throw;
        }
    }

    // Where all ranks are of this machine, nobody else is asked in.
    static Socket Listener(RankAddress address, IPAddress[] places, int size)
    {
        // The name of a machine may stand for a number of its own that others do not reach.
        var isHere = address.Host == "localhost" || IPAddress.TryParse(address.Host, out _)
            ? places.FirstOrDefault(IPAddress.IsLoopback) : null;
        var listener = isHere is not null ? new Socket(isHere.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        var any = listener.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        try
        {
            listener.Bind(new IPEndPoint(isHere ?? any, address.Port));
            listener.Listen(size);
            return listener;
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw new UserException($"rank 0 cannot wait for the others at port {address.Port}: {error.Message}. Is "
                + "another run using it? Or has another process RANK=0 too? Set MASTER_PORT to a free one, the same "
                + "for all ranks.");
        }
    }

    // Null where it is none of the ranks.
    static int? Greet(Socket socket, int size)
    {
        var hello = new byte[HelloBytes];
        if (!TryRead(socket, hello) || !hello.AsSpan(0, Magic.Length).SequenceEqual(Magic)) return null;
        var (version, rank, its) = (Word(hello, 1), Word(hello, 2), Word(hello, 3));
        if (version != Version) throw new UserException($"rank {rank} is of another version of this program.");
        // It hears of the size before it is left.
        var isAnswered = TryWrite(socket, Hello(0, size));
        if (its != size)
            throw new UserException($"rank {rank} was started with WORLD_SIZE={its}, rank 0 with {size}.");
        return isAnswered ? rank : null;
    }

    static Socket Come(RankAddress address, IPAddress[] places, int rank, int size, TimeSpan time)
    {
        var why = "";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; Thread.Sleep(Between))
        {
            foreach (var place in places)
            {
                var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                why = TryCome(socket, new(place, address.Port), rank, size);
                if (why is null) return socket;
                socket.Dispose();
            }
        }
        throw new UserException(Invariant($"rank {rank} has tried for {time.TotalSeconds:f0} s to reach rank 0 at ")
            + $"{address}: {why} MASTER_ADDR and MASTER_PORT must be those of rank 0's machine, on every rank.");
    }

    static string? TryCome(Socket socket, IPEndPoint place, int rank, int size)
    {
        try
        {
            using var limit = new CancellationTokenSource(Longest);
            socket.ConnectAsync(place, limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (SocketException error)
        {
            return $"{error.Message}.";
        }
        catch (OperationCanceledException)
        {
            return "it does not answer.";
        }
        var answer = new byte[HelloBytes];
        if (!TryWrite(socket, Hello(rank, size)) || !TryRead(socket, answer)
            || !answer.AsSpan(0, Magic.Length).SequenceEqual(Magic)) return "what is there is no rank 0.";
        if (Word(answer, 3) == size) return null;
        throw new UserException($"rank {rank} was started with WORLD_SIZE={size}, rank 0 with {Word(answer, 3)}.");
    }

    static byte[] Hello(int rank, int size)
    {
        var bytes = new byte[HelloBytes];
        Magic.CopyTo(bytes, 0);
        foreach (var (place, word) in new[] { (1, Version), (2, rank), (3, size) })
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(place * sizeof(int)), word);
        return bytes;
    }

    static int Word(byte[] hello, int place) =>
        BinaryPrimitives.ReadInt32LittleEndian(hello.AsSpan(place * sizeof(int)));

    static bool TryWrite(Socket socket, byte[] bytes)
    {
        socket.SendTimeout = (int)Longest.TotalMilliseconds;
        return socket.Send(bytes, SocketFlags.None, out var error) == bytes.Length && error == SocketError.Success;
    }

    static bool TryRead(Socket socket, byte[] bytes)
    {
        socket.ReceiveTimeout = (int)Longest.TotalMilliseconds;
        for (var read = 0; read < bytes.Length;)
        {
            var count = socket.Receive(bytes.AsSpan(read), SocketFlags.None, out var error);
            if (error != SocketError.Success || count == 0) return false;
            read += count;
        }
        return true;
    }

    static string Counted(int[] ranks) => ranks is [var one] ? $"rank {one} has"
        : $"ranks {string.Join(", ", ranks.Take(8))}{(ranks.Length > 8 ? ", ..." : "")} have";
}
