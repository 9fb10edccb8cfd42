namespace LdNetGpu.Tests.Emulation;

/// <summary>
/// Each instruction that the emulator takes of PTX gives the values that the PTX ISA says: tables in <c>Ptx/</c>.
/// </summary>
public sealed class PtxInstructionTests : EmulatorTest
{
    [Theory, InlineData("integers.txt"), InlineData("bits.txt"), InlineData("reals.txt"), InlineData("comparisons.txt")]
    [InlineData("conversions.txt")]
    public void EveryRowGivesItsResult(string file) => Assert.Empty(Differences(file));

    [Fact]
    public void ApproximationsAreTheNearestValuesWithoutNoise()
    {
        Set("EMU_APPROX", 0);
        Assert.Empty(Differences("approximations.txt"));
    }

    /// <summary>
    /// PTX ISA, the tables of errors: 2 units in the last place for those, and 2^-11 relative for tanh.
    /// </summary>
    [Fact]
    public void ApproximationsAreOffByWhatTheManualAllows()
    {
        Set("EMU_APPROX", 1);
        using var device = Open();
        var table = PtxTable.Read("approximations.txt");
        var off = 0;
        foreach (var (row, got) in table.Rows.Zip(table.Run().Chunk(PtxTable.ResultStride)))
        {
            if (!row.Instruction.EndsWith(".f32", StringComparison.Ordinal)) continue;
            var (value, expected) =
                (BitConverter.ToSingle(got), BitConverter.UInt32BitsToSingle(Convert.ToUInt32(row.Results[0], 16)));
            if (value.Equals(expected)) continue;
            off++;
            var allowed = row.Instruction.StartsWith("tanh", StringComparison.Ordinal)
                ? MathF.ScaleB(MathF.Abs(expected), -11)
                : Math.Max(MathF.ScaleB(MathF.Abs(expected), -22),
                    row.Instruction[..3] is "sin" or "cos" or "lg2" ? MathF.ScaleB(1, -20) : 0);
            Assert.True(MathF.Abs(value - expected) <= allowed, $"{row}, was {value:R}, expected {expected:R}");
        }
        Assert.InRange(off, 8, table.Rows.Count);
    }

    IEnumerable<string> Differences(string file)
    {
        using var device = Open();
        return [.. PtxTable.Read(file).Differences()];
    }
}
