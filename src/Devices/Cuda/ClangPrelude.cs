using System.Text;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// What clang lacks without CUDA's headers and NVRTC has built in, put before <see cref="Gpu.CudaPrelude"/>.
/// </summary>
static class ClangPrelude
{
    public static string Text { get; } = Read();

    static string Read()
    {
        using var stream = typeof(ClangPrelude).Assembly.GetManifestResourceStream("clang_prelude.h")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
