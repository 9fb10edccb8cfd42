using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LdNetGpu.Devices.Tuning;

/// <summary>
/// A record as a file: results as the T4 schema of auto-tuning results 1.0.0 has them, times in milliseconds; what they
/// are of under <c>metadata</c>, in <c>tuning</c>.
/// </summary>
static class TuningJson
{
    /// <summary>Of T4.</summary>
    const string Schema = "1.0.0";

    /// <summary>Of <c>metadata.tuning</c>.</summary>
    const int Version = 1;

    // A file that people read, and no part of a web page.
    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(TuningRecord record) => new JsonObject
    {
        ["schema_version"] = Schema,
        ["metadata"] = new JsonObject
        {
            ["environment"] = new JsonObject
            {
                ["device_query"] = new JsonObject
                {
                    ["device"] = record.Key.Device, ["driver"] = record.Key.Driver,
                },
                ["requirements"] = new JsonArray(),
            },
            ["tuning"] = Metadata(record),
        },
        ["results"] = new JsonArray([.. record.Results.Select(result => (JsonNode)Result(record, result))]),
    }.ToJsonString(Indented);

    static JsonObject Metadata(TuningRecord record)
    {
        var parameters = new JsonObject();
        foreach (var parameter in record.Parameters) parameters[parameter.Name] = Numbers(parameter.Values);
        return new()
        {
            ["version"] = Version,
            ["kernel"] = record.Key.Kernel,
            ["text"] = record.Key.Text,
            ["flags"] = record.Key.Flags,
            ["driver"] = record.Key.Driver,
            ["device"] = record.Key.Device,
            ["sizes"] = record.Key.Sizes,
            ["work"] = record.Work,
            ["seed"] = record.Seed,
            ["parameters"] = parameters,
            ["standard"] = Configuration(record, record.Standard),
            ["chosen"] = record.Chosen is { } chosen ? Configuration(record, chosen) : null,
            ["end"] = record.End.ToString().ToLowerInvariant(),
            ["bound"] = record.Bound,
            ["bound_by"] = record.BoundBy,
        };
    }

    static JsonObject Result(TuningRecord record, TuningResult result)
    {
        var measurements = new JsonArray();
        if (result.Runtimes.Count > 0)
        {
            measurements.Add(Measurement("time", result.Median, "ms"));
            measurements.Add(Measurement("standing", result.Standing.ToString().ToLowerInvariant(), ""));
        }
        if (result.Problem is { } problem) measurements.Add(Measurement("problem", problem, ""));
        return new()
        {
            ["timestamp"] = result.Timestamp.ToString("O", CultureInfo.InvariantCulture),
            ["configuration"] = Configuration(record, result.Values),
            ["objectives"] = new JsonArray("time"),
            ["times"] = new JsonObject
            {
                ["compilation_time"] = result.CompilationTime,
                ["framework"] = 0,
                ["search_algorithm"] = 0,
                ["validation"] = result.ValidationTime,
                ["runtimes"] = Numbers(result.Runtimes),
            },
            ["invalidity"] = result.Outcome.ToString().ToLowerInvariant(),
            ["correctness"] = result.Outcome == TuningOutcome.Correct ? 1 : 0,
            ["measurements"] = measurements,
        };
    }

    static JsonObject Measurement(string name, JsonNode value, string unit) =>
        new() { ["name"] = name, ["value"] = value, ["unit"] = unit };

    static JsonArray Numbers<T>(IEnumerable<T> numbers) =>
        new([.. numbers.Select(number => (JsonNode?)JsonValue.Create(number))]);

    static JsonObject Configuration(TuningRecord record, IReadOnlyList<int> values)
    {
        var configuration = new JsonObject();
        foreach (var (parameter, value) in record.Parameters.Zip(values)) configuration[parameter.Name] = value;
        return configuration;
    }

    /// <exception cref="UserException">What is wrong, and where in the text.</exception>
    public static TuningRecord Read(string json, string source)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            var place = error.LineNumber is { } line
                ? Invariant($"line {line + 1}, byte {error.BytePositionInLine + 1}") : error.Message;
            throw new UserException($"{source}: no JSON: {place}. Tune again, into a file of this name or another.",
                error);
        }
        catch (InvalidOperationException error)
        {
            // A name of half a character.
            throw new UserException($"{source}: no JSON: {error.Message} Tune again, into a file of this name or "
                + "another.", error);
        }
        var file = new JsonPlace(source, "", root).Object();
        var schema = file["schema_version"].Text();
        if (schema != Schema)
            throw new UserException($"{source}: schema_version {schema}: results of version {Schema} of the T4 schema "
                + "are read. Convert it, or tune again.");
        if (file.Node["metadata"]?["tuning"] is null)
            throw new UserException($"{source}: results without metadata.tuning, which says what kernel, text, device "
                + "and driver they are of: another tuner wrote them. Tune again.");
        var tuning = file["metadata"].Object()["tuning"].Object();
        var version = tuning["version"].Whole();
        if (version != Version)
            throw new UserException($"{source}: metadata.tuning.version {version}: version {Version} is read. "
                + "Tune again.");
        var parameters = tuning["parameters"].Object().Members()
            .Select(one => new TunedParameter(one.Name, [.. one.Items().Select(value => value.Whole())])).ToList();
        if (parameters.Count == 0) throw tuning["parameters"].Wrong("names no parameter");
        var record = new TuningRecord(new(tuning["kernel"].Text(), tuning["text"].Text(), tuning["flags"].Text(),
            tuning["driver"].Text(), tuning["device"].Text(), tuning["sizes"].Text()), parameters,
            Values(tuning["standard"], parameters))
        {
            Work = tuning["work"].Text(),
            Seed = tuning["seed"].Unsigned(),
            Chosen = tuning["chosen"].IsNull ? null : Values(tuning["chosen"], parameters),
            End = tuning["end"].Choice<TuningEnd>(),
            Bound = tuning["bound"].IsNull ? null : tuning["bound"].Positive(),
            BoundBy = tuning["bound_by"].Text(),
        };
        var results = file["results"].Items().Select(result => Result(result.Object(), parameters)).ToList();
        var tried = new HashSet<string>();
        foreach (var result in results)
            if (!tried.Add(record.Text(result.Values)))
                throw file["results"].Wrong($"has {record.Text(result.Values)} twice");
        if (record.Chosen is { } chosen && !results.Exists(result =>
            result.Outcome == TuningOutcome.Correct && result.Values.SequenceEqual(chosen)))
            throw tuning["chosen"].Wrong("is none of the results that passed");
        return record with { Results = results };
    }

    static TuningResult Result(JsonPlace result, IReadOnlyList<TunedParameter> parameters)
    {
        var times = result["times"].Object();
        var measurements = result["measurements"].Items().Select(one => one.Object()).ToList();
        JsonPlace? Measured(string name) => measurements.Find(one => one["name"].Text() == name)?["value"];
        return new(Values(result["configuration"], parameters), result["invalidity"].Choice<TuningOutcome>())
        {
            Problem = Measured("problem")?.Text(),
            CompilationTime = times["compilation_time"].Number(),
            ValidationTime = times["validation"].Number(),
            Runtimes = [.. times["runtimes"].Items().Select(time => time.Positive())],
            Standing = Measured("standing")?.Choice<TuningStanding>() ?? TuningStanding.Untimed,
            Timestamp = result["timestamp"].Time(),
        };
    }

    static int[] Values(JsonPlace configuration, IReadOnlyList<TunedParameter> parameters)
    {
        var values = configuration.Object();
        return [.. parameters.Select(parameter => values[parameter.Name].Whole())];
    }
}
