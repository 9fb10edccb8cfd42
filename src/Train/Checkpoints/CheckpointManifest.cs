using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>Which files make up a checkpoint.</summary>
/// <param name="Files">By path relative to the folder, with <c>/</c>.</param>
/// <param name="MetricsLength">Bytes that metrics.jsonl had when the checkpoint was written.</param>
sealed record CheckpointManifest(SortedDictionary<string, ManifestEntry> Files, long MetricsLength)
{
    public const string FileName = "manifest.json";

    // A checkpoint has some ten files.
    const long Largest = 1 << 20;

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.CheckpointManifest);

    /// <exception cref="UserException">The file is not a list of a checkpoint's files.</exception>
    internal static CheckpointManifest Read(string path) => new FileInfo(path).Length <= Largest
        ? Parse(File.ReadAllBytes(path), path) : throw Damaged(path);

    /// <summary>The same from a file's bytes; <paramref name="path"/> stands for it in the message.</summary>
    /// <exception cref="UserException">They are not a list of a checkpoint's files.</exception>
    internal static CheckpointManifest Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.CheckpointManifest);
            return manifest is { MetricsLength: >= 0 }
                && manifest.Files.All(file => file.Value is { Length: >= 0, Crc32c: not null } && IsInside(file.Key))
                    ? manifest : throw Damaged(path);
        }
        catch (JsonException error)
        {
            throw Damaged(path, error);
        }
    }

    static UserException Damaged(string path, Exception? inner = null) => new(
        $"{path}: damaged: not a list of a checkpoint's files. Restore the folder from a copy, or train again.",
        inner);

    // A name from a file must not lead out of the folder.
    static bool IsInside(string name) =>
        !Path.IsPathRooted(name) && !name.Contains('\0')
        && name.Split('/', '\\').All(part => part.Length > 0 && part is not ("." or ".."));
}

/// <summary>A file's size and CRC-32C (8 hexadecimal digits) when it was written.</summary>
sealed record ManifestEntry(long Length, string Crc32c);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CheckpointManifest))]
sealed partial class ManifestJson : JsonSerializerContext;
