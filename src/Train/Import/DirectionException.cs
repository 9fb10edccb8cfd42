using LdNetGpu.Devices;

namespace LdNetGpu.Train.Import;

/// <summary>A language model's file does not say which way the model reads, and nobody else did.</summary>
/// <param name="file">The file.</param>
public sealed class DirectionException(string file) : UserException(
    $"{file}: holds a language model, and does not say whether it reads text forward or backward.")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
