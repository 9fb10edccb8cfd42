using System.Text;

namespace LdNetGpu.Train.Data;

/// <summary>Writes sentences one word a line, a blank line after each.</summary>
public static class ConllWriter
{
    /// <summary>Words, and after a TAB the tag where there is one.</summary>
    /// <param name="writer">Stays open.</param>
    /// <param name="sentences">Read as they are written.</param>
    /// <exception cref="Devices.ShapeException">A sentence has other than one tag a word.</exception>
    /// <exception cref="ArgumentException">A sentence is null, or has a word or tag that would not be read back: one
    /// that is empty or has a TAB or a line break in it.</exception>
    public static void Write(TextWriter writer, IEnumerable<Sentence> sentences)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(sentences);
        var place = 0;
        foreach (var sentence in sentences)
        {
            ArgumentNullException.ThrowIfNull(sentence, $"{nameof(sentences)}[{place}]");
            var tags = sentence.WholeTags;
            RequireReadable(sentence.Words, tags, place++);
            for (var i = 0; i < sentence.Words.Length; i++)
                writer.Write(tags is not null
                    ? $"{sentence.Words[i]}\t{tags[i]}\n" : $"{sentence.Words[i]}\n");
            writer.Write('\n');
        }
    }

    static void RequireReadable(string[] words, string[]? tags, int place)
    {
        for (var i = 0; i < words.Length; i++)
        {
            // Alone on its line a word with a space would be two columns.
            var isWord = IsColumn(words[i]) && !ConllReader.IsDocumentStart(words[i])
                && (tags is not null || !words[i].Contains(' '));
            if (!isWord || (tags is not null && !IsColumn(tags[i])))
                throw new ArgumentException($"sentences[{place}]: word {i}, \"{Shown(words[i])}\""
                    + (isWord ? $", has the tag \"{Shown(tags![i])}\", which" : ", which")
                    + " would not be read back from a line of a word, a TAB and a tag.", "sentences");
        }
    }

    // The reader trims columns.
    static bool IsColumn(string text) =>
        Vocabulary.IsStorable(text) && !text.Contains('\t') && text.Trim().Length == text.Length;

    static string Shown(string text) => text.Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    /// <summary>The same into a file, whole or not at all.</summary>
    /// <param name="path">Overwritten.</param>
    /// <param name="sentences">Read as they are written.</param>
    /// <exception cref="Devices.UserException">The file cannot be written.</exception>
    /// <exception cref="Devices.ShapeException">A sentence has other than one tag a word.</exception>
    /// <exception cref="ArgumentException">A sentence is null, or has a word or tag that would not be read back; the
    /// file is as it was.</exception>
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
