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

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.CheckpointManifest);

    internal static CheckpointManifest Read(string path)
    {
        JsonException? reason = null;
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.CheckpointManifest);
            if (manifest is { Files: { } files, MetricsLength: >= 0 }
                && files.All(file => file.Value != null && IsInside(file.Key)))
                return manifest;
        }
        catch (JsonException error)
        {
            reason = error;
        }
        throw new UserException(
            $"{path}: damaged: not a list of a checkpoint's files. Restore the folder from a copy, or train again.",
            reason);
    }

    // A name from a file must not lead out of the folder.
    static bool IsInside(string name) =>
        !Path.IsPathRooted(name) && name.Split('/', '\\').All(part => part.Length > 0 && part is not ("." or ".."));
}

/// <summary>A file's size and CRC-32C (8 hexadecimal digits) when it was written.</summary>
sealed record ManifestEntry(long Length, string Crc32c);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CheckpointManifest))]
sealed partial class ManifestJson : JsonSerializerContext;
