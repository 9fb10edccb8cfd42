using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Shards;

/// <summary>What is known of outputs, and what that says of an input.</summary>
/// <param name="folder">Where outputs are.</param>
/// <param name="ending">Of outputs: <c>.jsonl</c>.</param>
/// <param name="model">CRC-32C of the model's files.</param>
/// <param name="options">All besides that the outputs depend on.</param>
sealed class ShardLedger(ShardFolder folder, string ending, string model, string options)
{
    readonly ILookup<string, ShardRecord> records = folder.Records().ToLookup(record => record.Output);

    /// <summary>CRC-32C of the model's files.</summary>
    public string Model => model;

    /// <summary>All besides that the outputs depend on.</summary>
    public string Options => options;

    /// <summary>Whether anything was written before.</summary>
    public bool HasRecords => records.Count > 0;

    /// <summary>Path of an input's output within its folder.</summary>
    public string OutputOf(ShardInput input) => input.Name + ending;

    /// <summary>Looks at an input and its output; both are read only where their records leave a doubt.</summary>
    /// <exception cref="UserException">The input or the output cannot be read.</exception>
    public OutputState StateOf(ShardInput input)
    {
        var known = records[OutputOf(input)].ToList();
        var path = folder.PathOf(OutputOf(input));
        if (!Path.Exists(path)) return known.Count == 0 ? OutputState.New : OutputState.OutputMissing;
        if (known.Count == 0 || Directory.Exists(path)) return OutputState.OutputForeign;
        var found = Checksum(path);
        var own = known.FindAll(record => new ManifestEntry(record.OutputBytes, record.OutputCrc32c) == found);
        if (own.Count == 0) return OutputState.OutputEdited;
        var same = own.FindAll(record => record.Model == model && record.Options == options);
        if (same.Count == 0)
            return own.Exists(record => record.Model == model) ? OutputState.OptionsChanged : OutputState.ModelChanged;
        return same.Exists(record => record.Bytes == input.Bytes)
            && Checksum(input.Path) is var read
            && same.Exists(record => new ManifestEntry(record.Bytes, record.Crc32c) == read)
                ? OutputState.Done : OutputState.InputChanged;
    }

    static ManifestEntry Checksum(string path)
    {
        using var stream = InputFile.OpenRaw(path);
        try
        {
            return FileChecksum.Of(stream);
        }
        catch (IOException error)
        {
            throw new UserException($"{path}: cannot be read: {error.Message}", error);
        }
    }
}
