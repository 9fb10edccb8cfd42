using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Bench;

/// <summary>Sentences as numbers.</summary>
/// <param name="Padded">As the engine takes them.</param>
/// <param name="Plain">As the graph does: without the sentence ends, which it puts in itself.</param>
sealed record EncodedBatch(TaggerBatch Padded, EncodedSentence[] Plain)
{
    /// <summary>Sentences of like length together, the longest first.</summary>
    /// <param name="sentences">Of a file.</param>
    /// <param name="vocabularies">Of the tagger.</param>
    /// <param name="size">Sentences a batch.</param>
    public static List<EncodedBatch> Of(IEnumerable<Sentence> sentences, TaggerVocabularies vocabularies, int size)
    {
        var plain = vocabularies with { SentenceEnd = SentenceEnd.None };
        return [.. sentences.OrderByDescending(sentence => sentence.Words.Length).Chunk(size).Select(chunk =>
            new EncodedBatch(new([.. chunk.Select(vocabularies.Encode)], vocabularies.BackwardEnd),
                [.. chunk.Select(plain.Encode)]))];
    }
}
