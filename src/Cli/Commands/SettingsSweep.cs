using System.Text;
using System.Text.Json;
using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Cli.Commands;

/// <summary>Settings of one run of a sweep.</summary>
/// <param name="Source">Those of the command line with the run's own over them.</param>
/// <param name="Values">The run's own, by name, as a user would type them.</param>
sealed record SweptSettings(SettingsSource Source, IReadOnlyList<(string Name, string Value)> Values)
{
    /// <summary>The value of that name; null where the run leaves it as it is.</summary>
    public string? Find(string name) => Values.FirstOrDefault(value => value.Name == name).Value;
}

/// <summary>
/// A file of settings to try: <c>[{"dropout": 0.3}, {"dropout": 0.5}]</c>, or a grid <c>{"dropout": [0.3, 0.5]}</c>,
/// the last name's values changing fastest.
/// </summary>
static class SettingsSweep
{
    const int LargestFile = 1 << 24, MostRuns = 1000;

    const string Expected = "expected a list of objects of settings, [{\"dropout\": 0.3}, {\"dropout\": 0.5}], or an "
        + "object of lists, {\"dropout\": [0.3, 0.5]}.";

    /// <param name="file">JSON.</param>
    /// <param name="underneath">What the command line says besides.</param>
    /// <exception cref="UserException">The file is no sweep, or settings of a run are wrong.</exception>
    public static IReadOnlyList<SweptSettings> Read(string file, SettingsSource underneath)
    {
        var runs = Runs(file);
        if (runs.Count > MostRuns)
            throw new UserException($"{file}: {runs.Count:N0} runs, more than {MostRuns:N0}.");
        var swept = new List<SweptSettings>();
        var problems = new List<string>();
        foreach (var json in runs)
        {
            var name = $"{file}, run {swept.Count + 1}";
            var source = underneath.With(name, Encoding.UTF8.GetBytes(json.GetRawText()));
            SweptSettings settings = new(source, []);
            try
            {
                var options = source.Read<TaggerOptions>();
                settings = settings with
                {
                    Values = [.. json.EnumerateObject().Select(member => (member.Name,
                        SettingsSchema<TaggerOptions>.Instance.Find(member.Name)!.TextIn(options)))],
                };
                var same = swept.FindIndex(other => other.Source.Read<TaggerOptions>() == options);
                if (same >= 0) problems.Add($"{name}: the same settings as run {same + 1}.");
            }
            catch (OptionsException error)
            {
                problems.AddRange(error.Problems);
            }
            swept.Add(settings);
        }
        return problems.Count == 0 ? swept : throw new OptionsException([.. problems.Distinct()]);
    }

    static List<JsonElement> Runs(string file)
    {
        if (new FileInfo(file) is { Exists: true, Length: > LargestFile })
            throw new UserException($"{file}: more than {LargestFile:N0} bytes: no file of settings.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new()
            {
                CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
            });
            var root = document.RootElement.Clone();
            var runs = root.ValueKind switch
            {
                JsonValueKind.Array => [.. root.EnumerateArray()],
                JsonValueKind.Object when root.EnumerateObject().All(list =>
                    list.Value.ValueKind == JsonValueKind.Array) => Grid(root),
                _ => throw new UserException($"{file}: {Expected}"),
            };
            if (runs.Count == 0) throw new UserException($"{file}: holds no run: {Expected}");
            var strange = runs.FindIndex(run => run.ValueKind != JsonValueKind.Object);
            return strange < 0 ? runs : throw new UserException($"{file}, run {strange + 1}: {Expected}");
        }
        catch (JsonException error)
        {
            throw new UserException($"{file}, line {error.LineNumber + 1}, column {error.BytePositionInLine + 1}: not "
                + $"valid JSON: {error.Message.Split(" LineNumber:")[0]}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new UserException($"{file}: not UTF-8 text. {Expected}", error);
        }
    }

    static List<JsonElement> Grid(JsonElement root)
    {
        IEnumerable<string> texts = [""];
        foreach (var list in root.EnumerateObject())
        {
            var name = JsonSerializer.Serialize(list.Name, SweepJson.Default.String);
            texts = texts.SelectMany(before => list.Value.EnumerateArray().Select(value =>
                $"{before}{(before.Length == 0 ? "" : ", ")}{name}: {value.GetRawText()}"))
                .Take(MostRuns + 1).ToArray();
        }
        return [.. texts.Where(text => text.Length > 0).Select(text =>
        {
            using var document = JsonDocument.Parse($"{{{text}}}");
            return document.RootElement.Clone();
        })];
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
sealed partial class SweepJson : System.Text.Json.Serialization.JsonSerializerContext;
