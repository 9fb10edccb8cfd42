using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

static class ModelVocabulary
{
    /// <summary>Makes sure that the tokens are there which stand for something else than themselves.</summary>
    /// <param name="vocabulary">Of a model.</param>
    /// <param name="path">Its file, for the message.</param>
    /// <param name="tokens">That the model reads.</param>
    /// <exception cref="UserException">One is not there.</exception>
    public static void Require(Vocabulary vocabulary, string path, params string[] tokens)
    {
        foreach (var token in tokens.Where(token => !vocabulary.Contains(token)))
            throw new UserException($"{path}: has no {token}, which the model needs: the file is of another model, or "
                + "was edited.");
    }

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
