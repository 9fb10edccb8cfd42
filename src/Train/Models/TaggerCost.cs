using LdNetGpu.Model;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Train.Models;

/// <summary>What tagging a word costs with a tagger as it is, pruned layers left out.</summary>
public static class TaggerCost
{
    /// <summary>Multiply-adds a word at the paper's 4.39 characters.</summary>
    /// <param name="tagger">Whole or pruned.</param>
    public static double PerWord(Tagger<float> tagger)
    {
        ArgumentNullException.ThrowIfNull(tagger);
        return TaggerFlops.PerWord(tagger.Options, tagger.Shape.Forward?.Stack, tagger.Shape.Backward?.Stack,
            tagger.Shape.Tags.Count)
            .Sum(part => part.MultiplyAdds);
    }
}
