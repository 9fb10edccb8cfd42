using System.Text.Json;
using System.Text.Json.Serialization;

namespace LdNetGpu.Train.Shards;

/// <summary>What was written of one file, and of what.</summary>
/// <param name="Input">The file's name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Crc32c">Of its bytes, as the other checksums 8 hexadecimal digits.</param>
/// <param name="Sentences">Those with a word.</param>
/// <param name="Words">In it.</param>
/// <param name="Output">The written file's path within its folder, with <c>/</c>.</param>
/// <param name="OutputBytes">Its size.</param>
/// <param name="OutputCrc32c">Of its bytes.</param>
/// <param name="Seconds">That it took.</param>
/// <param name="Model">CRC-32C of the model's files.</param>
/// <param name="Options">All besides the model that the output depends on.</param>
sealed record ShardRecord(string Input, long Bytes, string Crc32c, long Sentences, long Words, string Output,
    long OutputBytes, [property: JsonPropertyName("output_crc32c")] string OutputCrc32c, double Seconds, string Model,
    string Options)
{
    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ShardRecordJson.Default.ShardRecord);

    /// <summary>Null where the line is none.</summary>
    public static ShardRecord? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ShardRecordJson.Default.ShardRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ShardRecord))]
sealed partial class ShardRecordJson : JsonSerializerContext;
