using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Bench;

/// <summary>The language model that is trained, and how.</summary>
/// <param name="Words">Of the vocabulary.</param>
/// <param name="Width">Of embedding and hidden layers.</param>
/// <param name="Layers">How many.</param>
/// <param name="Batch">Streams of all ranks together.</param>
/// <param name="BucketMebibytes">Of gradients that set out together.</param>
sealed record Work(int Words = 10_000, int Width = 200, int Layers = 4, int Batch = 40, double BucketMebibytes = 4)
{
    public const int Steps = 20;

    public LanguageModelOptions Options => new()
    {
        EmbeddingSize = Width, HiddenSize = Width, Layers = Layers, ProjectionSize = 2 * Width,
        Cutoffs = [Words / 5], BatchSize = Batch, Steps = Steps, LayerDropout = 0,
    };

    public long BucketBytes => (long)(BucketMebibytes * (1 << 20));
}
