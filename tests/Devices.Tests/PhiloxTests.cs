using LdNetGpu.Devices;

namespace LdNetGpu.Tests;

/// <summary>Against the known-answer vectors that come with Random123 (kat_vectors, philox4x32 10).</summary>
public class PhiloxTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu,
        0x5001e420u, 0x24126ea1u)]
    public void KnownAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2,
        uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void AKeyPlacesBlockSiteAndStepInTheCounter()
    {
        var key = new RandomKey(0x299f31d0_a4093822, Step: 0x03707344, Site: 0x13198a2e);
        var (x0, x1, x2, x3) = Philox.Block(0x12345678, 0x1, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
        var element = 4 * 0x1_12345678L;
        Assert.Equal([x0, x1, x2, x3], Enumerable.Range(0, 4).Select(i => key.Bits(element + i)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(3, 32)]
    [InlineData(1000, 100)]
    [InlineData(0xFFFFFFFC, 64)] // the low word of the block number overflows within a vector
    [InlineData(1L << 40, 36)]
    public void FillingGivesTheBitsOfSingleElements(long firstBlock, int count)
    {
        var key = new RandomKey(0xDEADBEEF_01234567, 77, 5);
        var words = new uint[count];
        PhiloxFill.Fill(key, firstBlock, words);
        Assert.Equal(Enumerable.Range(0, count).Select(i => key.Bits(4 * firstBlock + i)), words);
    }

    [Fact]
    public void FillingPartOfABlockIsRefused() =>
        Assert.Throws<ArgumentException>(() => PhiloxFill.Fill(default, 0, new uint[6]));

    [Fact]
    public void UniformNumbersFillZeroToOneEvenly()
    {
        var key = new RandomKey(1, 0, 0);
        var bins = new int[16];
        for (var i = 0; i < 16_000; i++)
        {
            var u = key.Uniform(i);
            Assert.InRange(u, 0, 1 - 1f / (1 << 24));
            bins[(int)(u * 16)]++;
        }
        // Chi square with 15 degrees of freedom exceeds 37.7 once in a thousand keys.
        Assert.True(bins.Sum(n => (n - 1000.0) * (n - 1000.0) / 1000) < 37.7);
    }

    [Fact]
    public void AStreamResumesWhereItsPositionSays()
    {
        var key = new RandomKey(9, 1, 2);
        var whole = new RandomStream(key);
        var first = Enumerable.Range(0, 10).Select(_ => whole.NextNormal()).ToArray();
        var start = new RandomStream(key);
        for (var i = 0; i < 4; i++) start.NextNormal();
        var rest = new RandomStream(key, start.Position);
        Assert.Equal(first[4..], Enumerable.Range(0, 6).Select(_ => rest.NextNormal()));
    }

    [Fact]
    public void AShuffleMovesButKeepsItsItems()
    {
        var items = Enumerable.Range(0, 100).ToArray();
        new RandomStream(new RandomKey(3, 0, 0)).Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }

    [Fact]
    public void AStreamLiesWithinItsPositions()
    {
        var key = new RandomKey(1, 2, 3);
        Assert.Equal("position", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(key, -1)).ParamName);
        var last = new RandomStream(key, long.MaxValue);
        Assert.Throws<OverflowException>(() => last.NextBits());
        Assert.Equal(long.MaxValue, last.Position);
    }
}
