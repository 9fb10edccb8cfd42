namespace LdNetGpu.Tests;

/// <summary>
/// What clang lacks without CUDA's headers and NVRTC has built in, put before the prelude. The file is the CUDA emulator's, which makes PTX
/// with it too.
/// </summary>
static class ClangPrelude
{
    public static string Text { get; } = Read();

    static string Read()
    {
        using var stream = typeof(ClangPrelude).Assembly.GetManifestResourceStream("clang_cuda_prelude.h")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
