using System.Text;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Models;

/// <summary>Tells two taggers apart without loading them.</summary>
static class TaggerChecksum
{
    static readonly string[] Files =
    [
        "config.json", CheckpointFolder.WeightsFile, "vocab/words.txt", "vocab/characters.txt", "vocab/tags.txt",
        "vocab/forward_words.txt", "vocab/backward_words.txt",
    ];

    /// <summary>
    /// CRC-32C, 8 hexadecimal digits, of all files that tags and probabilities depend on; of the training's state and
    /// metrics it knows nothing.
    /// </summary>
    /// <param name="path">The folder that a run wrote.</param>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="Devices.UserException">A file is missing.</exception>
    public static string Of(string path)
    {
        NoCheckpointException.RequireName(path, "tagger");
        var folder = new CheckpointFolder(path);
        return folder.Read(() =>
        {
            _ = folder.PathOf(CheckpointFolder.WeightsFile);
            var lines = Files.Where(folder.Has).Select(file => $"{file} {folder.ChecksumOf(file)}\n");
            var temperature = Path.Combine(path, TaggerTemperature.FileName);
            if (File.Exists(temperature)) lines = lines.Append($"temperature {FileChecksum.Of(temperature).Crc32c}\n");
            return Crc32C.Of(Encoding.UTF8.GetBytes(string.Concat(lines))).ToString("x8");
        });
    }
}
