namespace LdNetGpu.Tests.Emulation;

/// <summary>Results do not depend on how the emulator runs a kernel.</summary>
public sealed class ResultTests : EmulatorTest
{
    const int Groups = 3, Lanes = 96;

    [Theory]
    [InlineData("EMU_ORDER", "backward")]
    [InlineData("EMU_ORDER", "random:1")]
    [InlineData("EMU_ORDER", "random:2")]
    [InlineData("EMU_CHECK", "1")]
    [InlineData("EMU_LATE", "0")]
    public void AreTheSameHoweverItRuns(string name, string value)
    {
        var plain = Shares();
        ForgetImages();
        Set(name, value);
        Assert.Equal(plain, Shares());
    }

    [Fact]
    public void ThroughPtxAreTheSameUpToItsApproximations()
    {
        var plain = Shares();
        ForgetImages();
        Set("EMU_FORM", "ptx");
        Assert.Equal(plain.Length,
            Shares().Zip(plain, (ptx, host) => Math.Abs(ptx - host) <= 1e-5 * Math.Abs(host) ? 1 : 0).Sum());
    }

    [Fact]
    public void AndAreRight()
    {
        var shares = Shares();
        var powers = Enumerable.Range(0, Lanes).Select(i => Math.Pow(X(i) + 0.25, 3)).ToArray();
        for (var i = 0; i < Groups * Lanes; i++)
        {
            var lane = i % Lanes;
            Assert.Equal(lane % 32 == 31 ? powers[lane] : Math.Exp(powers[lane + 1] / powers.Sum()), shares[i], 1e-5);
        }
    }

    // Compiled another way they are other images.
    void ForgetImages() => Directory.Delete(PathOf("kernels"), recursive: true);

    static float X(int i) => (i % 17 + 1) / 16f;

    float[] Shares()
    {
        using var device = Open();
        using var x = device.Allocate<float>(Lanes);
        using var shares = device.Allocate<float>(Groups * Lanes);
        x.CopyFrom([.. Enumerable.Range(0, Lanes).Select(X)]);
        PlantedFaults.LaunchShares(device, (Groups, Lanes), x, shares, 3);
        var values = new float[Groups * Lanes];
        shares.CopyTo(values);
        return values;
    }
}
