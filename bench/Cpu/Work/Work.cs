using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Bench;

/// <summary>One row of the table: a piece of work under the name that the PyTorch script gives it too.</summary>
/// <param name="Name">Row, for instance <c>lstm.fwd.T20B128I300H300</c>.</param>
/// <param name="Flops">Floating-point operations of the matrix products (and of the CRF's sums); a multiply-add is
/// two.</param>
/// <param name="Target">Our time over PyTorch's that the project set itself; none where PyTorch does something
/// else.</param>
/// <param name="Prepare">Makes the operands, and returns what is timed.</param>
sealed record Work(string Name, double Flops, double? Target, Func<CpuBackend<float>, Action> Prepare)
{
    /// <summary>The row of the PyTorch script that this one is laid beside.</summary>
    public string PeerName { get; init; } = Name;
}

/// <summary>Rows that the PyTorch script makes together, and that the table shows together.</summary>
/// <param name="Name">What the PyTorch script's <c>--what</c> calls them.</param>
/// <param name="Turns">How often the two sides take turns at a row in each round.</param>
/// <param name="WarmUp">Calls before the first turn; more on our side, where the JIT has to warm up.</param>
sealed record WorkGroup(string Name, int Turns, int WarmUp, IReadOnlyList<Work> Rows);

static class WorkList
{
    public static IReadOnlyList<WorkGroup> Groups { get; } =
    [
        new("gemm", 5, 3, GemmWork.Rows),
        new("lstm", 5, 3, RecurrentWork.Layers),
        new("dense", 3, 1, RecurrentWork.Stacks),
        new("crf", 5, 3, CrfWork.Rows),
        new("infer", 5, 2, TaggerWork.Inference),
        new("train", 4, 3, TaggerWork.Training),
    ];
}

/// <summary>Operands: small numbers from one seeded stream, so that every run works on the same values.</summary>
static class Operands
{
    public static float[] Values(long count, uint site, float scale = 1)
    {
        var random = new RandomStream(new RandomKey(1, 0, site));
        var values = new float[count];
        for (var i = 0; i < values.Length; i++) values[i] = scale * (float)(2 * random.NextDouble() - 1);
        return values;
    }

    public static int[] Integers(int count, int bound, uint site)
    {
        var random = new RandomStream(new RandomKey(1, 1, site));
        var values = new int[count];
        for (var i = 0; i < count; i++) values[i] = random.NextInt(bound);
        return values;
    }

    /// <summary>Word ids with a Zipf law, as ids sorted by frequency have: floor(V^u - 1).</summary>
    public static int[] Words(int count, int vocabulary, uint site)
    {
        var random = new RandomStream(new RandomKey(1, 2, site));
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = (int)Math.Min(vocabulary - 1, Math.Pow(vocabulary, random.NextDouble()) - 1);
        return values;
    }
}
