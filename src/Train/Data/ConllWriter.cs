using System.Text;

namespace LdNetGpu.Train.Data;

/// <summary>Writes sentences one word a line, a blank line after each.</summary>
public static class ConllWriter
{
    /// <summary>Words, and after a TAB the tag where there is one.</summary>
    /// <param name="writer">Stays open.</param>
    /// <param name="sentences">Read as they are written.</param>
    /// <exception cref="Devices.ShapeException">A sentence has other than one tag a word.</exception>
    public static void Write(TextWriter writer, IEnumerable<Sentence> sentences)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(sentences);
        foreach (var sentence in sentences)
        {
            var tags = sentence.WholeTags;
            for (var i = 0; i < sentence.Words.Length; i++)
                writer.Write(tags is not null
                    ? $"{sentence.Words[i]}\t{tags[i]}\n" : $"{sentence.Words[i]}\n");
            writer.Write('\n');
        }
    }

    /// <summary>The same into a file, whole or not at all.</summary>
    /// <param name="path">Overwritten.</param>
    /// <param name="sentences">Read as they are written.</param>
    /// <exception cref="Devices.UserException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<Sentence> sentences)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(sentences);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            Write(writer, sentences);
        });
    }
}
