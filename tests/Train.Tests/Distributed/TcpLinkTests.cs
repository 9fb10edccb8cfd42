using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Tests.Distributed;

/// <summary>Ranks that come together at an address, as threads of this process.</summary>
public sealed class TcpLinkTests
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300), Long = TimeSpan.FromSeconds(20);

    [Theory, InlineData(2), InlineData(5)]
    public void WhatEachHasComesToAllInTheOrderOfTheRanks(int size) => Run(size, ranks =>
    {
        // More than a socket takes at once, of some nothing.
        for (var turn = 0; turn < 3; turn++)
        {
            var all = ranks.Gather<int>([.. Enumerable.Repeat(ranks.Rank + turn, ranks.Rank * 300_000)]);
            for (var rank = 0; rank < size; rank++)
            {
                Assert.Equal(rank * 300_000, all[rank].Length);
                Assert.All(all[rank].Where((_, i) => i % 1000 == 0), one => Assert.Equal(rank + turn, one));
            }
        }
        Assert.Equal(Enumerable.Range(0, size).Select(rank => $"rank {rank}"), ranks.Gather($"rank {ranks.Rank}"));
    });

    [Fact]
    public void AFailureIsToldToAllAndSaidOnce()
    {
        var reported = new bool[3];
        Run(3, ranks =>
        {
            if (ranks.Rank == 2)
            {
                reported[2] = ranks.Fail(new UserException("the disk is full"));
                return;
            }
            var error = Assert.Throws<RankFailedException>(() => ranks.Gather<int>([1]));
            Assert.Equal((2, "rank 2: the disk is full"), (error.Rank, error.Message));
            reported[ranks.Rank] = ranks.Fail(error);
        });
        // Rank 0 tells people.
        Assert.Equal([false, true, true], reported);
    }

    [Fact]
    public void GradientsOfTheProcessorAreRefused() => Run(2, ranks =>
    {
        TestFiles.Refused(() => ranks.Use(new CpuDevice(1)), "need NVIDIA GPUs");
    });

    [Fact]
    public void WhoHasNotComeIsNamed()
    {
        TestFiles.Refused(() => RankMeeting.Hold(Free(), 0, 4, Short), "ranks 1, 2, 3 have not come");
        TestFiles.Refused(() => RankMeeting.Hold(Free(), 1, 2, Short), "rank 1 has tried for 0 s to reach rank 0 at "
            + "127.0.0.1:");
        TestFiles.Refused(() => RankMeeting.Hold(new("no.such.host.invalid", 1), 1, 2, Short),
            "MASTER_ADDR=no.such.host.invalid: there is no such machine");
    }

    [Fact]
    public void APortThatIsTakenIsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        TestFiles.Refused(() => RankMeeting.Hold(new("127.0.0.1", port), 0, 2, Short),
            $"rank 0 cannot wait for the others at port {port}");
    }

    [Fact]
    public async Task APortAtWhichAnotherRunMeetsIsRefused()
    {
        var address = Free();
        var first = Task.Run(() => RankMeeting.Hold(address, 0, 2, Long));
        while (!first.IsCompleted && !IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Any(held => held.Port == address.Port)) await Task.Delay(10, TestContext.Current.CancellationToken);
        TestFiles.Refused(() => RankMeeting.Hold(address, 0, 2, Short), "Is another run using it?");
        var mine = RankMeeting.Hold(address, 1, 2, Long);
        foreach (var (_, socket) in (await first).Concat(mine)) socket.Dispose();
        // And it is free once that run is over, though its connections may linger.
        TestFiles.Refused(() => RankMeeting.Hold(address, 0, 2, Short), "rank 1 has not come");
    }

    [Fact]
    public async Task WhoIsNoRankIsLeftAlone()
    {
        var address = Free();
        var first = Task.Run(() => RankMeeting.Hold(address, 0, 2, Long));
        using var stranger = new TcpClient();
        for (var isThere = false; !isThere;)
        {
            try
            {
                stranger.Connect(address.Host, address.Port);
                isThere = true;
            }
            catch (SocketException)
            {
                Thread.Sleep(10);
            }
        }
        stranger.GetStream().Write(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
        using var second = RankMeeting.Hold(address, 1, 2, Long)[0].Socket;
        var (rank, socket) = Assert.Single(await first);
        socket.Dispose();
        Assert.Equal(1, rank);
    }

    [Theory, InlineData(1, 3, "rank 1 was started with WORLD_SIZE=3, rank 0 with 2"),
        InlineData(0, 2, "two processes say at")]
    public void WhoDoesNotFitIsNamed(int rank, int size, string said)
    {
        var address = Free();
        var first = Task.Run(() => RankMeeting.Hold(address, 0, 2, Long));
        // As a rank of another run, or one that was started twice, says it.
        using var other = new TcpClient();
        while (!other.Connected)
        {
            try
            {
                other.Connect(address.Host, address.Port);
            }
            catch (SocketException)
            {
                Thread.Sleep(10);
            }
        }
        byte[] hello = [.. "LdNR"u8, .. new[] { 1, rank, size }.SelectMany(BitConverter.GetBytes)];
        other.GetStream().Write(hello);
        TestFiles.Refused(() => first.GetAwaiter().GetResult(), said);
    }

    [Fact]
    public async Task ARankOfAnotherSizeHearsOfItAtOnce()
    {
        var address = Free();
        var first = Task.Run(() => RankMeeting.Hold(address, 0, 2, Long));
        TestFiles.Refused(() => RankMeeting.Hold(address, 1, 3, Long),
            "rank 1 was started with WORLD_SIZE=3, rank 0 with 2");
        await Assert.ThrowsAsync<UserException>(() => first);
    }

    [Fact]
    public void TheAddressIsThatOfTheVariables()
    {
        static RankAddress Of(params (string Name, string Value)[] variables) =>
            RankAddress.Of(variables.ToDictionary(one => one.Name, one => one.Value).GetValueOrDefault);
        Assert.Equal(new("gpu1", 29500), Of(("MASTER_ADDR", "gpu1"), ("MASTER_PORT", "29500")));
        // An agent of torchrun listens on the port itself.
        Assert.Equal("[::1]:29501", Of(("MASTER_ADDR", "::1"), ("MASTER_PORT", "29500"),
            ("TORCHELASTIC_USE_AGENT_STORE", "True")).ToString());
        TestFiles.Refused(() => Of(("MASTER_PORT", "1")), "MASTER_ADDR is not");
        TestFiles.Refused(() => Of(("MASTER_ADDR", "gpu1")), "MASTER_PORT is not");
        foreach (var port in new[] { "x", "0", "65535", "-1" })
            TestFiles.Refused(() => Of(("MASTER_ADDR", "gpu1"), ("MASTER_PORT", port)), $"MASTER_PORT={port}: is no");
    }

    static RankAddress Free()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return new("127.0.0.1", ((IPEndPoint)free.LocalEndpoint).Port);
    }

    static void Run(int size, Action<RankGroup> body)
    {
        var address = Free();
        var tasks = Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(() =>
        {
            using var ranks = new RankGroup(new TcpLink(address, rank, size, Long, Long, _ => { }), new());
            body(ranks);
        }, TaskCreationOptions.LongRunning)).ToArray();
        Task.WhenAll(tasks).GetAwaiter().GetResult();
    }
}
