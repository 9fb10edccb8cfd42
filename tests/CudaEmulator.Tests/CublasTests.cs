using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Tests.Emulation;

/// <summary>cuBLAS's products against sums on the CPU.</summary>
public sealed class CublasTests : EmulatorTest
{
    const int M = 5, N = 7, K = 11;

    static readonly float[] A = Values(M * K, 0.3f), B = Values(K * N, 0.7f), C = Values(M * N, 1.1f);

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 0)]
    public void ProductsAreThoseOfTheCpu(bool transposeA, bool transposeB, float beta)
    {
        var result = Multiply(transposeA, transposeB, beta, tensorFloat32: false);
        for (var i = 0; i < M; i++)
            for (var j = 0; j < N; j++)
            {
                var products = Enumerable.Range(0, K)
                    .Sum(k => (double)A[transposeA ? k * M + i : i * K + k] * B[transposeB ? j * K + k : k * N + j]);
                Assert.Equal(beta * C[i * N + j] + products, result[i * N + j], 1e-6);
            }
    }

    [Fact]
    public void TensorFloat32RoundsTheOperands()
    {
        var exact = Multiply(false, false, 0, tensorFloat32: false);
        var rounded = Multiply(false, false, 0, tensorFloat32: true);
        Assert.NotEqual(exact, rounded);
        for (var i = 0; i < exact.Length; i++) Assert.Equal(exact[i], rounded[i], 1e-2);
    }

    [Fact]
    public void ProductsAreRecordedToo()
    {
        using var device = Open();
        using var cublas = new CublasGemm(device, tensorFloat32: false);
        using var one = Buffer(device, [3]);
        using var sum = Buffer(device, [1]);
        using var graph = device.Record(() => cublas.Multiply(1, 1, 1, one, 1, false, one, 1, false, 1, sum, 1));
        graph.Replay();
        graph.Replay();
        var values = new float[1];
        sum.CopyTo(values);
        Assert.Equal(19, values[0]);
    }

    float[] Multiply(bool transposeA, bool transposeB, float beta, bool tensorFloat32)
    {
        using var device = Open();
        using var cublas = new CublasGemm(device, tensorFloat32);
        using var a = Buffer(device, A);
        using var b = Buffer(device, B);
        using var c = Buffer(device, C);
        cublas.Multiply(M, N, K, a, transposeA ? M : K, transposeA, b, transposeB ? K : N, transposeB, beta, c, N);
        var result = new float[M * N];
        c.CopyTo(result);
        return result;
    }

    static DeviceBuffer<float> Buffer(NvidiaDevice device, float[] values)
    {
        var buffer = device.Allocate<float>(values.Length);
        buffer.CopyFrom(values);
        return buffer;
    }

    static float[] Values(int count, float step) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * step))];
}
