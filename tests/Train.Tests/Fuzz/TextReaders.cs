using System.IO.Compression;
using System.Text;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Data.Embeddings;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>Readers of text, of columns, vocabularies and vectors, gzip or not.</summary>
static class TextReaders
{
    public static FuzzedReader Vocabulary() => new(
        Seeds("<unk>\n \na\nb\nO\nB-PER\n<s>\n<eof>\n", "<eos>\n<unk>\nthe\n", "a\na\n", "\n", "\uFEFFa\n", "a\r\nb"),
        bytes =>
        {
            var vocabulary = Train.Data.Vocabulary.Read(Lines(bytes), "words.txt");
            for (var id = 0; id < vocabulary.Count; id++) Assert.Equal(id, vocabulary.Id(vocabulary[id]));
            if (vocabulary.Contains(" ")) Assert.NotEmpty(new CharacterVocabulary(vocabulary).Encode("ab"));
            else Assert.True(new TagVocabulary(vocabulary).StartId < vocabulary.Count);
        });

    public static FuzzedReader Conll() => new(
        Seeds("Anna B-PER\nlives O\n\n-DOCSTART- O\n\nParis S-LOC\n. O\n", "1\tAnna\tN\tB-PER\n2\tx\tV\tO\n\n",
            "a O\r\nb O\r\n\r\n", "# text = a b\n1 a X O\n1-2 ab _ _\n", "a B-PER\nb L-PER\n", "a\nb\n", "a  O\n",
            "a\t\n", "a O O\nb B-X I-X\n"),
        bytes =>
        {
            Check(() => ConllReader.Read(new MemoryStream(bytes), "f", ConllOptions.Unlabelled).ToList());
            Check(() => SpanScoreReader.Score(Lines(bytes), "f"));
            Check(() => TagFileConversion.Convert(new MemoryStream(bytes), "f", TagScheme.Iobes, lenient: true));
            var sentences = ConllReader.Read(new MemoryStream(bytes), "f").ToList();
            var file = LabelledFile.Convert("f", sentences, TagScheme.Iobes, lenient: true);
            Assert.All(file.Sentences, sentence => Assert.Equal(sentence.Words.Length, sentence.Tags!.Length));
        });

    public static FuzzedReader Text() => new(
        Seeds("the old bank\nof Paris .\n\n", "\uFEFFa b\r\nc\rd", "a\u00A0b\u2028c \t d\n", "one\0two\n",
            "caf\u00E9 \uD83D\uDE00\n", string.Concat(Enumerable.Repeat("word ", 3000)) + "\n",
            new string('x', 3000) + "\n"),
        bytes =>
        {
            // Small ones, so that inputs of this size go beyond them.
            using var limits = new FileReading { MostLineBytes = 2000, MostWordBytes = 500 }.Use();
            foreach (var sentence in Corpus.ToSentences(Lines(bytes), "f"))
            {
                Assert.NotEmpty(sentence.Words);
                Assert.True(sentence.Words.All(word => word.Length is > 0 and <= 500));
                Assert.True(sentence.Words.Sum(word => word.Length) <= 2000);
            }
        });

    public static FuzzedReader RawText() => new(
        Seeds("Ann's here. She left, in the U.S.\r\n\n\"Yes!\"\n", "\uFEFFa b\r\nc\rd", "1. x\n2. y\n",
            "https://x.org, x@y.org #a :-) 5:40\n", "東京。\u00A0\uD83D\uDE00e\u0301\n", "one\0two\n"),
        bytes =>
        {
            var text = string.Concat(TextLines.ReadWhole(new MemoryStream(bytes), "f").Select(line => line.Text));
            var end = 0L;
            foreach (var sentence in Train.Tagging.RawText.Read(new MemoryStream(bytes), "f"))
            {
                Assert.True(sentence.Text!.Start.Utf16 >= end);
                end = sentence.Text.End.Utf16;
                Assert.Equal(text[(int)sentence.Text.Start.Utf16..(int)end], sentence.Text.Text);
            }
        });

    public static FuzzedReader WordVectors(TestFiles files) => new(
        Seeds("the 0.1 0.2\nof -1e-3 2\n", "2 2\nthe 0.1 0.2\nof 1 2\n", "2\t2\nthe\t0.1\t0.2\n", ". . 0.5 1\n",
            "a 1\n", "999999999999 2147483647\na 1 2\n", "the nan inf\n", "the 1e999 1\n", "a 1 2\na 3 4\n",
            "caf\u00E9 1 2 \n"),
        bytes =>
        {
            var table = EmbeddingFile.Load(files.Write("vectors", bytes));
            Assert.All(table.Vectors, vector =>
            {
                Assert.Equal(table.Report.Dimension, vector.Value.Length);
                Assert.True(vector.Value.All(float.IsFinite));
            });
        });

    static IEnumerable<TextLine> Lines(byte[] bytes) => TextLines.Read(new MemoryStream(bytes), "f");

    // One reader's refusal must not keep the others from the input.
    static void Check<T>(Func<T> read)
    {
        try
        {
            Assert.NotNull(read());
        }
        catch (Devices.UserException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    /// <summary>Each as it is and as gzip, with what no text is.</summary>
    static byte[][] Seeds(params string[] texts)
    {
        byte[][] plain = [.. texts.Select(Encoding.UTF8.GetBytes), [], [.. "caf"u8], [.. "caf"u8, 0xE9, (byte)'\n'],
            [0xFF, 0xFE, (byte)'a', 0], [0x1F, 0x8B]];
        return [.. plain, .. plain.Select(Gzip)];
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest)) zip.Write(bytes);
        return memory.ToArray();
    }
}
