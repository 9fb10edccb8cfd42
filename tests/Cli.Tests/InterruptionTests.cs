using System.Diagnostics;
using LdNetGpu.Cli;

namespace LdNetGpu.Tests;

/// <summary>Who does not leave when asked is ended, unless there is work to save.</summary>
public class InterruptionTests
{
    static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public void WhatHasNothingToSaveIsEndedWithinASecond()
    {
        using var ended = new ManualResetEventSlim();
        var code = 0;
        using var interruption = new Interruption(TextWriter.Null, () => false, exit =>
        {
            code = exit;
            ended.Set();
        });
        var clock = Stopwatch.StartNew();
        interruption.Interrupt();
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.True(ended.Wait(Long, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Interrupted, code);
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(500), "no time to leave in order");
    }

    [Fact]
    public void WorkIsSavedFirst()
    {
        using var ended = new ManualResetEventSlim();
        var saves = true;
        using var interruption = new Interruption(TextWriter.Null, () => Volatile.Read(ref saves), _ => ended.Set());
        interruption.Interrupt();
        Assert.False(ended.Wait(1500, TestContext.Current.CancellationToken));
        Volatile.Write(ref saves, false);
        Assert.True(ended.Wait(Long, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void WhoLeavesIsNotEnded()
    {
        using var ended = new ManualResetEventSlim();
        using (var interruption = new Interruption(TextWriter.Null, () => false, _ => ended.Set()))
            interruption.Interrupt();
        Assert.False(ended.Wait(1500, TestContext.Current.CancellationToken));
    }
}
