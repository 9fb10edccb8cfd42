using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Data;

/// <summary>What stays together when a file is split.</summary>
public enum SplitUnit
{
    /// <summary>All sentences between two <c>-DOCSTART-</c> lines: no document is in two parts.</summary>
    Document,

    /// <summary>A single sentence.</summary>
    Sentence,
}

/// <summary>
/// Splits a labelled file without a published split into train, dev and test, 80 / 10 / 10, by a seed.
/// </summary>
public static class DocumentSplit
{
    static readonly string[] Names = ["train.conll", "dev.conll", "test.conll"];

    /// <summary>
    /// Shuffles the units by <paramref name="seed"/> and gives the first 8 tenths to train, the next to dev, the last
    /// to test; within a part they keep the file's order.
    /// </summary>
    /// <param name="sentences">Of one file.</param>
    /// <param name="seed">Decides the split alone.</param>
    /// <param name="unit">What stays together.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="TooFewToSplitException">Fewer than 10 units.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public static (List<Sentence> Train, List<Sentence> Dev, List<Sentence> Test) Split(
        IReadOnlyList<Sentence> sentences, ulong seed, SplitUnit unit, string name)
    {
        NullElements.Refuse(sentences);
        ArgumentNullException.ThrowIfNull(name);
        var unitOf = Units(sentences, unit);
        var units = unitOf.Distinct().ToArray();
        if (units.Length < TooFewToSplitException.Least)
            throw new TooFewToSplitException(name, unit, units.Length, sentences.Count);
        new RandomStream(new RandomKey(seed, 0, 0)).Shuffle<int>(units);
        var partOf = units.Select(
            (id, place) => (id, part: place < units.Length * 8 / 10 ? 0 : place < units.Length * 9 / 10 ? 1 : 2))
            .ToDictionary(pair => pair.id, pair => pair.part);
        var parts = sentences.Zip(unitOf).ToLookup(pair => partOf[pair.Second], pair => pair.First);
        return ([.. parts[0]], [.. parts[1]], [.. parts[2]]);
    }

    /// <summary>Of each sentence the number of its unit.</summary>
    internal static int[] Units(IReadOnlyList<Sentence> sentences, SplitUnit unit)
    {
        RequireKnown(unit);
        return [.. sentences.Select((sentence, i) => unit == SplitUnit.Document ? sentence.DocumentIndex : i)];
    }

    static void RequireKnown(SplitUnit unit)
    {
        if (!Enum.IsDefined(unit)) throw new ArgumentOutOfRangeException(nameof(unit), unit, "No such unit.");
    }

    /// <summary>
    /// Splits a CoNLL file into train.conll, dev.conll and test.conll in a folder. Lines are copied as they are, every
    /// column and the comments of each sentence; line ends are LF. A <c>-DOCSTART-</c> line stands before each document
    /// where the file has several.
    /// </summary>
    /// <param name="path">CoNLL, gzip or not.</param>
    /// <param name="folder">Made where it is not there; no file in it is written over.</param>
    /// <param name="seed">Decides the split alone.</param>
    /// <param name="unit">What stays together.</param>
    /// <param name="options">Columns and separator.</param>
    /// <returns>Sentences in each of the three files.</returns>
    /// <exception cref="UserException">The file cannot be read, is too small, or the folder not be written.</exception>
    /// <exception cref="OutputFolderException">The folder's name is empty, or a file has it.</exception>
    /// <exception cref="FileTakenException">One of the three files is there already.</exception>
    /// <exception cref="FolderTakenException">The folder holds a run.</exception>
    public static (int Train, int Dev, int Test) SplitFile(string path, string folder, ulong seed, SplitUnit unit,
        ConllOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(folder);
        RequireKnown(unit);
        OutputFolder.RequireName(folder);
        OutputFolder.RequireFree(new(folder));
        FileTakenException.RequireFree(Names.Select(name => Path.Combine(folder, name)));
        var reader = new ConllReader(path, (options ?? new()) with { KeepsLines = true });
        var all = reader.Sentences(TextLines.Read(path)).ToList();
        var sentences = all.FindAll(sentence => sentence.Words.Length > 0);
        var (train, dev, test) = Split(sentences, seed, unit, path);
        var separator = reader.Separator!.Value;
        var border = string.Join(separator, Enumerable.Range(0, reader.ColumnCount).Select(column =>
            column == 0 ? ConllReader.DocumentStart : column == reader.ColumnCount - 1 ? Tag.Outside : "-X-"));
        var hasDocuments = sentences[^1].DocumentIndex > 0;
        var head = Lines(all[0]).Where(line => CommentLine.Value(line, "global.columns") is not null).ToList();
        foreach (var (name, part) in Names.Zip([train, dev, test]))
            AtomicFile.Write(Path.Combine(folder, name), stream => Write(stream, part));
        return (train.Count, dev.Count, test.Count);

        void Write(Stream stream, List<Sentence> part)
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            var document = -1;
            foreach (var line in head) writer.WriteLine(line);
            foreach (var sentence in part)
            {
                if (hasDocuments && sentence.DocumentIndex != document)
                {
                    writer.WriteLine(border);
                    writer.WriteLine();
                    document = sentence.DocumentIndex;
                }
                foreach (var line in Lines(sentence).Where(line => !head.Contains(line))) writer.WriteLine(line);
                writer.WriteLine();
            }
        }
    }

    static IEnumerable<string> Lines(Sentence sentence) => sentence.Source!
        .Select(line => TextLines.WithoutMark(line.Text)).Where(text => !string.IsNullOrWhiteSpace(text));
}
