using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Cli.Commands;

/// <summary>The tagger that a command runs, with its language models as <c>--lm-storage</c> says.</summary>
static class TaggerToRun
{
    /// <param name="context">Of a command with <see cref="CommonOptions.LmStorage"/>.</param>
    /// <param name="folder">The tagger's.</param>
    /// <exception cref="UserException">It cannot be read, or its language models not be kept so.</exception>
    public static LoadedTagger Load(CommandContext context, string folder)
    {
        var loaded = TaggerFolder.Load(context.Backend, folder);
        try
        {
            // Weights that were rounded in training are the same numbers where a device reads them wide.
            var isRounded = context.Value(CommonOptions.LmStorage) is { } said ? said == "bf16"
                : loaded.Tagger.Options.LmStorage == WeightStorage.Bfloat16 && context.Device is CpuDevice;
            if (isRounded) loaded.Tagger.KeepLanguageModelsInBfloat16();
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }
}
