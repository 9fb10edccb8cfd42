using LdNetGpu.Kernels.Roofline;

namespace LdNetGpu.Tests;

/// <summary>The arithmetic that a device's rate is taken of.</summary>
public abstract partial class ConformanceSuite<TDevice, T>
{
    [Fact]
    public void ChainsOfMultiplyAdds()
    {
        const int chains = 8, rounds = RateKernels.FlopsPerLane / 2 / chains;
        // Above 1, so that the start and each round are seen in the result.
        const float factor = 1 + 1f / 512;
        var numbers = Operand.Random(1, 5, 1);
        var expected = Array.ConvertAll(numbers.On<double>(Host).ToArray(), number =>
        {
            var sum = 0.0;
            for (var chain = 0; chain < chains; chain++)
            {
                var x = number + chain * factor;
                for (var round = 0; round < rounds; round++) x = x * factor + factor;
                sum += x;
            }
            return sum;
        });
        RateKernels.LaunchMultiplyAdds(Device, numbers.Columns, T.CreateChecked(factor), Ours[numbers].Array);
        Tolerance.AssertClose(expected, Ours[numbers], k: rounds);
    }
}
