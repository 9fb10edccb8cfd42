using LdNetGpu.Cli;

namespace LdNetGpu.Tests.Commands;

/// <summary>Plain lines tell the speed of this run, whatever was done before it.</summary>
public sealed class LineProgressTests
{
    [Theory]
    [InlineData(0, "work: 40/100 words (40 %), 4.0 words/s, 15 s left",
        "work: 60/100 words (60 %), 5.0 words/s, in 12 s")]
    [InlineData(20, "work: 60/100 words (60 %), 4.0 words/s, 10 s left",
        "work: 80/100 words (80 %), 5.0 words/s, in 12 s")]
    public void WhatWasDoneBeforeCountsAsDoneAndNotAsFast(long before, string line, string last)
    {
        var (output, clock) = (new StringWriter(), new Clock());
        using (var progress = new LineProgress(output, clock, "work", 100, "words", before))
        {
            clock.Seconds = 10;
            progress.Advance(40);
            clock.Seconds = 12;
            progress.Advance(20);
        }
        Assert.Equal([line, last], output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void NothingDoneHasNoSpeed()
    {
        var (output, clock) = (new StringWriter(), new Clock());
        using (new LineProgress(output, clock, "work", 100, "words", 100)) clock.Seconds = 2;
        Assert.Equal("work: 100/100 words (100 %), in 2.0 s", output.ToString().Trim());
    }

    sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
