using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet config list</c>: every setting with its default, range and meaning.</summary>
sealed class ConfigListCommand : CliCommand
{
    static readonly (string Name, SettingsSchema Schema)[] Schemas =
    [
        ("lm", SettingsSchema<LanguageModelOptions>.Instance),
        ("tagger", SettingsSchema<TaggerOptions>.Instance),
        ("prune", SettingsSchema<PruneOptions>.Instance),
        ("data", SettingsSchema<SyntheticCorpusOptions>.Instance),
    ];

    readonly Argument<string?> what = new("what")
    {
        Description = "lm, tagger, prune, or data for the quickstart's made-up text; all when left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ConfigListCommand()
        : base("list", "Lists the settings of lm, tagger, prune or data: key, default, range, meaning.")
    {
        what.AcceptOnlyFromAmong(Schemas.Select(schema => schema.Name).ToArray());
        Add(what);
        Examples = [("ldnet config list lm", "What 'ldnet lm train --set key=value' takes.")];
        Notes = "Defaults are the paper's. Where the published code differs, the meaning says so.";
    }

    protected override int Execute(CommandContext context)
    {
        var chosen = Schemas.Where(schema => context.Value(what) is null or "" || schema.Name == context.Value(what))
            .ToArray();
        var json = new JsonObject();
        foreach (var (name, schema) in chosen)
            json[name] = new JsonArray(schema.Settings.Select(setting => (JsonNode)new JsonObject
            {
                ["key"] = setting.Name, ["default"] = setting.DefaultText, ["range"] = setting.Range,
                ["meaning"] = setting.Meaning,
            }).ToArray());
        context.Report(json, output =>
        {
            foreach (var (name, schema) in chosen)
            {
                if (chosen.Length > 1) output.WriteLine(name + ":");
                foreach (var setting in schema.Settings)
                {
                    output.WriteLine($"  {setting.Name}={setting.DefaultText}   ({setting.Range})");
                    output.WriteLine($"      {setting.Meaning}");
                }
            }
        });
        return ExitCode.Success;
    }
}
