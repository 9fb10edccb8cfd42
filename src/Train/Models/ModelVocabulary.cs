using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

static class ModelVocabulary
{
    /// <summary>
    /// A vocabulary of a checkpoint, checked against what was written: an id that moved by one line would go unnoticed.
    /// </summary>
    public static Vocabulary Read(CheckpointFolder folder, string name)
    {
        using var bytes = new MemoryStream(folder.ReadBytes(name));
        // It is in memory already: limits are for the user's texts, and a word that one of them allowed stands here.
        var all = (int)Math.Max(1, bytes.Length);
        using var reading = (FileReading.Current with { MostLineBytes = all, MostWordBytes = all }).Use();
        return Vocabulary.Read(TextLines.Read(bytes, folder.PathOf(name)), folder.PathOf(name));
    }
}
