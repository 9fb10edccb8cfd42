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
        return Vocabulary.Read(TextLines.Read(bytes, folder.PathOf(name)), folder.PathOf(name));
    }
}
