using System.Text.Json;
using LdNetGpu.Train.Shards;

namespace LdNetGpu.Cli.Commands;

/// <summary>Outputs' states for people and for machines.</summary>
static class OutputStateWords
{
    /// <summary>Behind a number of files.</summary>
    public static string Of(OutputState state) => state switch
    {
        OutputState.Done => "done",
        OutputState.New => "new",
        OutputState.OutputMissing => "whose output is gone",
        OutputState.InputChanged => "whose text has changed",
        OutputState.ModelChanged => "of another model",
        OutputState.OptionsChanged => "of other options",
        OutputState.OutputEdited => "whose output was edited",
        _ => "with something else in their place",
    };

    /// <summary>In JSON: <c>model_changed</c>.</summary>
    public static string KeyOf(OutputState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
