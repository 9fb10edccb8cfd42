using LdNetGpu.Model;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Train.Models;

/// <summary>What tagging a word costs with a tagger as it is, pruned layers left out.</summary>
static class TaggerCost
{
    /// <summary>Multiply-adds a word at the paper's 4.39 characters.</summary>
    public static double PerWord(Tagger<float> tagger) =>
        TaggerFlops.PerWord(tagger.Options, Shape(tagger.Shape.Forward), Shape(tagger.Shape.Backward), tagger.Shape.Tags.Count)
            .Sum(part => part.MultiplyAdds);

    static LanguageModelShape? Shape(EncoderShape? encoder) => encoder is null ? null : new(
        [.. encoder.Stack.Hidden.Select((hidden, l) => new RecurrentLayer(encoder.Stack.Unit, encoder.Stack.InputOf(l), hidden))],
        encoder.Stack.Output);
}
