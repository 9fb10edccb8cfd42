using System.Buffers.Binary;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// fastText's .bin (Bojanowski et al. 2017): the words of the model's own dictionary, each with the mean of its vector
/// and those of its character n-grams, as <c>fasttext print-word-vectors</c> gives them. The n-grams' vectors are added
/// as they come by, so that of the file no more is held than the words that are kept.
/// </summary>
/// <remarks>
/// Little-endian: mark, version; 12 whole numbers and a double of settings; the dictionary; then the matrix of input
/// vectors, words first, then buckets of n-grams. What follows is not needed.
/// </remarks>
static class FastTextBinary
{
    const int Mark = 793712314, NewestVersion = 12, SupervisedModel = 3, LongestNgram = 100, Settings = 12;
    const string WhatItIs = "fastText's .bin";

    public static bool Begins(ReadOnlySpan<byte> start) =>
        start.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(start) == Mark;

    public static EmbeddingTable Read(ByteSource source, VectorCollector words, int? dimension)
    {
        source.Take(sizeof(int));
        var version = Int32(source);
        if (version is < 1 or > NewestVersion)
            throw new UserException($"{source.Name}: {WhatItIs} of version {version}; up to {NewestVersion} are read.");
        var settings = new int[Settings];
        for (var i = 0; i < settings.Length; i++) settings[i] = Int32(source);
        Int64(source);
        var (width, model, bucket) = (settings[0], settings[7], settings[8]);
        // Supervised models of version 11 have no n-grams of characters, whatever they say.
        var ngrams = new FastTextNgrams(settings[9], version == 11 && model == SupervisedModel ? 0 : settings[10]);
        if (width is < 1 or > EmbeddingFile.MostNumbers || bucket < 0 || ngrams.Longest is < 0 or > LongestNgram)
            throw Damaged(source, $"{width} numbers a word, {bucket} buckets, n-grams of {ngrams.Longest}");
        EmbeddingFile.Require(source.Name, width, dimension);
        var kept = ReadDictionary(source, words, out var count, out var buckets);
        var rows = buckets?.Count ?? bucket;
        ReadMatrixSize(source, width, count, rows);
        var parts = new List<ulong>();
        foreach (var (slot, entry) in kept.Index())
            foreach (var hash in ngrams.Hashes(entry.Bytes))
            {
                if (bucket == 0) break;
                var row = (int)(hash % (uint)bucket);
                if (buckets is not null && !buckets.TryGetValue(row, out row)) continue;
                parts.Add((ulong)row << 32 | (uint)slot);
            }
        parts.Sort();
        ReadVectors(source, kept, parts, count, rows, width);
        foreach (var entry in kept) words.Keep(entry.Word, entry.Vector!);
        return words.Table("fastText binary", width, count);
    }

    /// <summary>A word that is kept, and its row in the matrix.</summary>
    sealed record Entry(string Word, byte[] Bytes, int Row)
    {
        public float[]? Vector { get; set; }
    }

    static List<Entry> ReadDictionary(ByteSource source, VectorCollector words, out int count,
        out Dictionary<int, int>? buckets)
    {
        var size = Int32(source);
        count = Int32(source);
        var labels = Int32(source);
        Int64(source);
        var pruned = Int64(source);
        if (size < 0 || count < 0 || labels < 0 || (long)count + labels != size || pruned > int.MaxValue)
            throw Damaged(source, $"{size} entries, {count} words, {labels} labels, {pruned} pruned");
        var kept = new List<Entry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < size; i++)
        {
            if (!source.TryReadTo(0, EmbeddingFile.LongestWord, $"word {i + 1}", out var bytes))
                throw BreaksOff(source);
            var word = bytes.ToArray();
            Int64(source);
            if (!source.TrySkip(1)) throw BreaksOff(source);
            if (i < count && words.Offer(word, i + 1) is { } text && seen.Add(text)) kept.Add(new(text, word, i));
        }
        buckets = pruned < 0 ? null : [];
        for (var i = 0L; i < pruned; i++) buckets![Int32(source)] = Int32(source);
        return kept;
    }

    static void ReadMatrixSize(ByteSource source, int width, int count, int buckets)
    {
        Span<byte> quantised = stackalloc byte[1];
        if (!source.TryRead(quantised)) throw BreaksOff(source);
        if (quantised[0] != 0)
            throw new UserException($"{source.Name}: {WhatItIs} with quantised vectors (.ftz). Use the model that it "
                + "was made from, or write its vectors as text (fasttext print-word-vectors).");
        var (rows, columns) = (Int64(source), Int64(source));
        if (columns != width || rows != (long)count + buckets)
            throw Damaged(source, $"a matrix of {rows} rows and {columns} columns for {count} words, {buckets} buckets "
                + $"and {width} numbers a word");
        if (source.Length is { } length && (Int128)rows * columns * sizeof(float) > length - source.Position)
            throw BreaksOff(source);
    }

    static void ReadVectors(ByteSource source, List<Entry> kept, List<ulong> parts, int count, int buckets, int width)
    {
        var row = 0L;
        foreach (var entry in kept)
        {
            entry.Vector = new float[width];
            Read(entry.Row, entry.Vector);
        }
        var counts = new int[kept.Count];
        Array.Fill(counts, 1);
        var ngram = new float[width];
        for (var i = 0; i < parts.Count; i++)
        {
            if (i == 0 || parts[i] >> 32 != parts[i - 1] >> 32) Read(count + (long)(parts[i] >> 32), ngram);
            var slot = (int)(uint)parts[i];
            counts[slot]++;
            var vector = kept[slot].Vector!;
            for (var j = 0; j < width; j++) vector[j] += ngram[j];
        }
        if (!source.TrySkip((count + (long)buckets - row) * width * sizeof(float))) throw BreaksOff(source);
        foreach (var (slot, entry) in kept.Index())
            for (var j = 0; j < width; j++)
            {
                entry.Vector![j] /= counts[slot];
                if (!float.IsFinite(entry.Vector[j]))
                    throw new UserException(
                        $"{source.Name}: number {j + 1} of \"{entry.Word}\" is not a finite number.");
            }

        void Read(long wanted, Span<float> numbers)
        {
            if (!source.TrySkip((wanted - row) * width * sizeof(float)) || !source.TryRead(numbers))
                throw BreaksOff(source);
            row = wanted + 1;
        }
    }

    static int Int32(ByteSource source)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        return source.TryRead(bytes) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : throw BreaksOff(source);
    }

    static long Int64(ByteSource source)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return source.TryRead(bytes) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : throw BreaksOff(source);
    }

    static UserException BreaksOff(ByteSource source) =>
        new($"{source.Name}: {WhatItIs} breaks off. Copy it again.");

    static UserException Damaged(ByteSource source, string found) =>
        new($"{source.Name}: {WhatItIs} that says {found}: it is damaged, or another program's.");
}
