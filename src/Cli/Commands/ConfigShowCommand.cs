using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet config show</c>: checks <c>--config</c> and <c>--set</c> and prints what results, as a configuration file.
/// </summary>
sealed class ConfigShowCommand : CliCommand
{
    readonly Argument<string> what = new("what") { Description = "lm, tagger, prune or quickstart." };

    public ConfigShowCommand()
        : base("show", "Checks --config and --set and prints the configuration that results, as JSON for --config.")
    {
        what.AcceptOnlyFromAmong("lm", "tagger", "prune", "quickstart");
        Add(what);
        ReadsSettings = true;
        Examples = [("ldnet config show lm --set layers=4 > small.json", "A configuration file to start from.")];
    }

    protected override int Execute(CommandContext context)
    {
        context.Output.WriteLine(context.Value(what) switch
        {
            "lm" => JsonSerializer.Serialize(context.Settings.Read<LanguageModelOptions>(),
                OptionsJson.Default.LanguageModelOptions),
            "tagger" =>
                JsonSerializer.Serialize(context.Settings.Read<TaggerOptions>(), OptionsJson.Default.TaggerOptions),
            "prune" =>
                JsonSerializer.Serialize(context.Settings.Read<PruneOptions>(), OptionsJson.Default.PruneOptions),
            _ => Quickstart(QuickstartSettings.Read(context.Settings)).ToJsonString(new() { WriteIndented = true }),
        });
        return ExitCode.Success;
    }

    static JsonObject Quickstart(QuickstartSettings settings) => new()
    {
        [QuickstartSettings.LanguageModelSection] =
            JsonSerializer.SerializeToNode(settings.LanguageModel, OptionsJson.Default.LanguageModelOptions),
        [QuickstartSettings.TaggerSection] =
            JsonSerializer.SerializeToNode(settings.Tagger, OptionsJson.Default.TaggerOptions),
        [QuickstartSettings.PruneSection] =
            JsonSerializer.SerializeToNode(settings.Prune, OptionsJson.Default.PruneOptions),
        [QuickstartSettings.DataSection] = new JsonObject(SettingsSchema<SyntheticCorpusOptions>.Instance.Settings
            .Select(setting => KeyValuePair.Create(setting.Name, JsonNode.Parse(setting.TextIn(settings.Data))))),
    };
}
