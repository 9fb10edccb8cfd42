using System.CommandLine;
using System.Text.Json;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Cli;

namespace LdNetGpu.Train.Commands;

/// <summary><c>ldnet config show</c>: checks <c>--config</c> and <c>--set</c> and prints what results, as a configuration file.</summary>
sealed class ConfigShowCommand : CliCommand
{
    readonly Argument<string> what = new("what") { Description = "lm, tagger or prune." };

    public ConfigShowCommand() : base("show", "Checks --config and --set and prints the configuration that results, as JSON for --config.")
    {
        what.AcceptOnlyFromAmong("lm", "tagger", "prune");
        Add(what);
        Examples = [("ldnet config show lm --set layers=4 > small.json", "A configuration file to start from.")];
    }

    protected override int Execute(CommandContext context)
    {
        context.Output.WriteLine(context.Value(what) switch
        {
            "lm" => JsonSerializer.Serialize(context.Settings.Read<LanguageModelOptions>(), OptionsJson.Default.LanguageModelOptions),
            "tagger" => JsonSerializer.Serialize(context.Settings.Read<TaggerOptions>(), OptionsJson.Default.TaggerOptions),
            _ => JsonSerializer.Serialize(context.Settings.Read<PruneOptions>(), OptionsJson.Default.PruneOptions),
        });
        return ExitCode.Success;
    }
}
