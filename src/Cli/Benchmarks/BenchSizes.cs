using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>How large the operands of <c>ldnet bench kernels</c> are.</summary>
/// <param name="Copied">Elements of the copies that floors stand on: more than any cache holds.</param>
/// <param name="Rows">Of element-by-element work, reductions and losses; steps times batch of a language model.</param>
/// <param name="Columns">Of element-by-element work: a dense stack's output.</param>
/// <param name="Classes">Columns of a softmax: the adaptive softmax's head.</param>
/// <param name="TableRows">Rows of an embedding table, <paramref name="Width"/> columns.</param>
/// <param name="Parameters">Numbers that an optimizer's step updates.</param>
/// <param name="Products">Matrix products: m, n, k. The first one is measured in every run.</param>
/// <param name="Layers">LSTM layers: steps, batch, inputs and hidden size.</param>
/// <param name="StackLayers">Layers of the dense stack over the first of <paramref name="Layers"/>.</param>
/// <param name="Sentences">CRF: steps, batch, tags.</param>
sealed record BenchSizes(string Name, int Copied, int Rows, int Columns, int Classes, int TableRows, int Width,
    int Parameters, IReadOnlyList<(GemmKind Kind, int M, int N, int K)> Products,
    IReadOnlyList<(int Steps, int Batch, int Inputs, int Hidden)> Layers, int StackLayers,
    IReadOnlyList<(int Steps, int Batch, int Tags)> Sentences)
{
    /// <summary>
    /// The paper's language model and tagger: the shapes of the CPU's benchmark and of the PyTorch script.
    /// </summary>
    public static BenchSizes Full { get; } = new("full", 1 << 26, 2560, 3300, 4003, 200_000, 300, 16_000_000,
        [(GemmKind.NN, 2048, 2048, 2048), (GemmKind.NT, 2048, 2048, 2048), (GemmKind.NN, 2560, 1200, 300),
            (GemmKind.NT, 2560, 1200, 300), (GemmKind.NT, 2560, 1200, 3000), (GemmKind.NT, 2560, 1600, 3300),
            (GemmKind.TN, 1200, 3000, 2560)],
        [(20, 128, 300, 300), (20, 128, 3000, 300), (20, 10, 300, 300)], 10,
        [(20, 10, 19), (40, 128, 19), (40, 1024, 19)]);

    /// <summary>For processors that run kernels: seconds a row at most.</summary>
    public static BenchSizes Small { get; } = new("small", 1 << 22, 512, 512, 1003, 10_000, 100, 500_000,
        [(GemmKind.NN, 256, 256, 256), (GemmKind.NT, 256, 256, 256), (GemmKind.TN, 256, 256, 256),
            (GemmKind.NT, 320, 400, 100)],
        [(10, 16, 100, 100)], 3, [(10, 16, 19)]);

    /// <summary>
    /// For the managed device and for emulated GPUs: shows that every row runs, says nothing of speed.
    /// </summary>
    public static BenchSizes Tiny { get; } = new("tiny", 200, 8, 24, 33, 50, 12, 200,
        [(GemmKind.NN, 16, 16, 16), (GemmKind.NT, 16, 16, 16), (GemmKind.TN, 16, 16, 16)], [(2, 2, 5, 5)], 2,
        [(3, 2, 5)]);

    public static IReadOnlyList<BenchSizes> All { get; } = [Full, Small, Tiny];

    /// <summary>What suits a device.</summary>
    public static BenchSizes For(ComputeDevice device) => device switch
    {
        ManagedDevice => Tiny,
        NvidiaDevice cuda when cuda.Info.Name.Contains("Emulated", StringComparison.Ordinal) => Tiny,
        OpenClDevice { Info.Kind: OpenClDeviceKind.Cpu } => Small,
        _ => Full,
    };
}
