using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

/// <summary>
/// The temperature of a tagger's folder, in <c>calibration.json</c> beside the checkpoint's files: what its CRF's
/// scores are divided by before probabilities are taken of them, and what it was fitted on.
/// </summary>
/// <param name="Temperature">Above 0; 1 changes nothing.</param>
/// <param name="Data">The labelled text it was fitted on.</param>
/// <param name="Sentences">How many of its sentences counted.</param>
/// <param name="LossBefore">Mean negative log-likelihood of their tags, in nats, at temperature 1.</param>
/// <param name="LossAfter">The same at <paramref name="Temperature"/>.</param>
public sealed record TaggerTemperature(double Temperature, string Data, int Sentences, double LossBefore,
    double LossAfter)
{
    internal const string FileName = "calibration.json";

    const long Largest = 1 << 16;

    /// <summary>The labelled text it was fitted on.</summary>
    public string Data
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Data));
    } = Data ?? throw new ArgumentNullException(nameof(Data));

    /// <summary>Above 0; 1 changes nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no number above 0.</exception>
    public double Temperature { get; init => field = Above0(value); } = Above0(Temperature);

    /// <summary>
    /// Whether the folder's weights are those that it was fitted to; else nothing uses it. A run that goes on changes
    /// them.
    /// </summary>
    public bool IsOfTheseWeights { get; internal init; } = true;

    /// <summary>The temperature of a folder.</summary>
    /// <param name="folder">Of a tagger.</param>
    /// <returns>Null where it has none.</returns>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="UserException">The file is damaged.</exception>
    public static TaggerTemperature? Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        NoCheckpointException.RequireName(folder, "tagger");
        return Read(new CheckpointFolder(folder));
    }

    internal static TaggerTemperature? Read(CheckpointFolder folder)
    {
        var weights = folder.ChecksumOf(CheckpointFolder.WeightsFile);
        var path = Path.Combine(folder.Root, FileName);
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > Largest) throw Damaged(path, "larger than such a file can be.");
        return Parse(File.ReadAllBytes(path), path, weights);
    }

    /// <summary>The same from the file's bytes.</summary>
    /// <exception cref="UserException">They are damaged.</exception>
    internal static TaggerTemperature Parse(ReadOnlySpan<byte> json, string path, string weights)
    {
        TemperatureFile? file;
        try
        {
            file = JsonSerializer.Deserialize(json, TemperatureJson.Default.TemperatureFile);
        }
        catch (JsonException error)
        {
            throw Damaged(path, JsonProblem.Of(error, Encoding.UTF8.GetString(json),
                TemperatureJson.Default.TemperatureFile), error);
        }
        if (file is null || !(file.Temperature > 0 && double.IsFinite(file.Temperature)))
            throw Damaged(path, "its temperature is no number above 0.");
        return new(file.Temperature, file.Data, file.Sentences, file.LossBefore, file.LossAfter)
        {
            IsOfTheseWeights = file.WeightsCrc32c == weights,
        };
    }

    /// <summary>Puts it into a tagger's folder, in place of one that is there.</summary>
    /// <param name="folder">Of the tagger that it was fitted to.</param>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Write(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        NoCheckpointException.RequireName(folder, "tagger");
        var weights = new CheckpointFolder(folder).ChecksumOf(CheckpointFolder.WeightsFile);
        var file = new TemperatureFile(Temperature, weights, Data, Sentences, LossBefore, LossAfter);
        AtomicFile.Write(Path.Combine(folder, FileName),
            stream => JsonSerializer.Serialize(stream, file, TemperatureJson.Default.TemperatureFile));
    }

    /// <summary>Takes it out of a tagger's folder.</summary>
    /// <param name="folder">Of a tagger.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="UserException">The file cannot be deleted.</exception>
    public static bool Remove(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        NoCheckpointException.RequireName(folder, "tagger");
        _ = new CheckpointFolder(folder).PathOf(CheckpointFolder.WeightsFile);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return false;
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be deleted: {error.Message}", error);
        }
    }

    static double Above0(double value) => value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "It is no number above 0.");

    static UserException Damaged(string path, string problem, Exception? inner = null) =>
        new($"{path}: damaged: {problem} Fit it anew, or delete the file: probabilities are then those of training.",
            inner);
}

/// <summary>calibration.json.</summary>
/// <param name="Temperature">Above 0.</param>
/// <param name="WeightsCrc32c">Of the weights it was fitted to, 8 hexadecimal digits.</param>
/// <param name="Data">The labelled text.</param>
/// <param name="Sentences">Of it.</param>
/// <param name="LossBefore">In nats a sentence.</param>
/// <param name="LossAfter">In nats a sentence.</param>
sealed record TemperatureFile(double Temperature, [property: JsonPropertyName("weights_crc32c")] string WeightsCrc32c,
    string Data, int Sentences, double LossBefore, double LossAfter);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TemperatureFile))]
sealed partial class TemperatureJson : JsonSerializerContext;
