using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace LdNetGpu.Serve.Http;

/// <summary>The body of POST /tag.</summary>
sealed record TagRequest
{
    [Description("One text, as people write it. The answer is the array of its names. Either this or texts.")]
    public string? Text { get; init; }

    [Description("Several texts. The answer is an array of arrays, the names of each, in their order.")]
    public string?[]? Texts { get; init; }

    [Description("What places are counted in: codepoints, as Python counts, or utf16, as C#, Java and JavaScript do. "
        + "codepoints by default.")]
    public string? Offsets { get; init; }

    [Description("What ends sentences besides their marks: blank lines, blank, or each line's end, line. blank by "
        + "default.")]
    public string? SentenceBreak { get; init; }
}

/// <summary>A name in a text: what OpenAPI says of an answer.</summary>
sealed record NamedEntity
{
    [Description("The name's type, as the model's tags have it: PER.")]
    public required string EntityGroup { get; init; }

    [Description("The probability that the name is there with exactly these words and this type.")]
    public required double Score { get; init; }

    [Description("The name as it stands in the text.")]
    public required string Word { get; init; }

    [Description("Where it begins, from 0.")]
    public required long Start { get; init; }

    [Description("Behind its last character.")]
    public required long End { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TagRequest))]
[JsonSerializable(typeof(NamedEntity[]))]
[JsonSerializable(typeof(NamedEntity[][]))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(ServerStatus))]
sealed partial class ServerJson : JsonSerializerContext
{
    /// <summary>What ASP.NET describes and writes itself is as the rest.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }
}

/// <summary>What /healthz and /readyz say.</summary>
sealed record ServerStatus([property: Description("ok, ready, stopping or dead.")] string Status);
