using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LdNetGpu.Devices;
using Microsoft.Win32.SafeHandles;

namespace LdNetGpu.Train.Data;

/// <summary>
/// A corpus as token ids in a file of which a step reads its own part, so that one larger than memory trains. Both
/// directions read the one file. Made once, whole or not at all, and made again when its sources or the vocabulary
/// change.
/// </summary>
/// <remarks>
/// Layout, little-endian: magic "LDNETTK1" (8 bytes), ids, unknown ids, sentences (8 bytes each), SHA-256 of what it
/// was made from (32 bytes: each source's path, length and time of change, and the vocabulary), then ids of 4 bytes.
/// Read, not mapped: of a mapped file that someone cuts short the system does not say so, it ends the process.
/// </remarks>
sealed class TokenCache : ITokenSequence, IDisposable
{
    const int HeaderBytes = 64;
    const int FingerprintAt = 32;

    readonly string path;
    readonly SafeFileHandle file;

    TokenCache(string path, long count)
    {
        this.path = path;
        file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> counts = stackalloc byte[2 * sizeof(long)];
        Read(16, counts);
        Count = count;
        UnknownCount = BinaryPrimitives.ReadInt64LittleEndian(counts);
        SentenceCount = BinaryPrimitives.ReadInt64LittleEndian(counts[sizeof(long)..]);
    }

    public long Count { get; }

    public long UnknownCount { get; }

    public long SentenceCount { get; }

    /// <summary>Whether this call encoded the corpus anew.</summary>
    public bool WasBuilt { get; private init; }

    /// <exception cref="ArgumentOutOfRangeException">The corpus has no such ids.</exception>
    /// <exception cref="ObjectDisposedException">The cache is closed.</exception>
    /// <exception cref="UserException">The file has become shorter since it was opened.</exception>
    public void CopyTo(long start, Span<int> destination)
    {
        if (start < 0 || start > Count - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{destination.Length} ids from {start} on, of {Count}.");
        ObjectDisposedException.ThrowIf(file.IsClosed, this);
        Read(HeaderBytes + start * sizeof(int), MemoryMarshal.AsBytes(destination));
    }

    /// <summary>
    /// The corpus under <paramref name="vocabulary"/>, from <paramref name="path"/> where that is up to date, else
    /// encoded into it.
    /// </summary>
    /// <exception cref="UserException">The corpus cannot be read or the cache not be written.</exception>
    public static TokenCache Open(string path, Corpus corpus, Vocabulary vocabulary)
    {
        if (vocabulary.UnknownId < 0 || vocabulary.SentenceEndId < 0)
            throw new ArgumentException(
                $"A language model's vocabulary holds {Vocabulary.Unknown} and {Vocabulary.SentenceEnd}.",
                nameof(vocabulary));
        var fingerprint = Fingerprint(corpus, vocabulary);
        var build = ValidCount(path, fingerprint) is null;
        if (build) AtomicFile.Write(path, stream => Encode(stream, corpus, vocabulary, fingerprint));
        var count = ValidCount(path, fingerprint)
            ?? throw new UserException($"{path}: changed while it was being opened. Give each run a cache of its own.");
        return new TokenCache(path, count) { WasBuilt = build };
    }

    public void Dispose() => file.Dispose();

    void Read(long offset, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(file, into, offset);
            if (read == 0)
                throw new UserException(
                    $"{path}: became shorter while it was in use. Delete it and start again; give each run a cache of "
                    + "its own.");
            into = into[read..];
            offset += read;
        }
    }

    static ReadOnlySpan<byte> Magic => "LDNETTK1"u8;

    static byte[] Fingerprint(Corpus corpus, Vocabulary vocabulary)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in corpus.Files)
        {
            var info = new FileInfo(source);
            hash.AppendData(Encoding.UTF8.GetBytes($"{info.FullName}\n{info.Length}\n{info.LastWriteTimeUtc.Ticks}\n"));
        }
        foreach (var token in vocabulary.Tokens) hash.AppendData(Encoding.UTF8.GetBytes(token + "\n"));
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// Ids in the cache; null where there is none, or it is torn, foreign, or made from something else.
    /// </summary>
    static long? ValidCount(string path, byte[] fingerprint)
    {
        if (!File.Exists(path)) return null;
        using var stream = InputFileRaw(path);
        var header = new byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes) return null;
        var count = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8));
        return header.AsSpan().StartsWith(Magic) && header.AsSpan(FingerprintAt).SequenceEqual(fingerprint)
            && count > 0 && stream.Length == HeaderBytes + count * sizeof(int) ? count : null;
    }

    static FileStream InputFileRaw(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{path}: the token cache cannot be read: {e.Message} Delete it or choose another folder.", e);
        }
    }

    static void Encode(Stream stream, Corpus corpus, Vocabulary vocabulary, byte[] fingerprint)
    {
        stream.Write(new byte[HeaderBytes]);
        var (count, unknown, sentences) = (0L, 0L, 0L);
        var ids = new List<int>(1 << 14);
        foreach (var sentence in corpus.Sentences())
        {
            foreach (var token in sentence)
            {
                var id = vocabulary.Id(token);
                if (id == vocabulary.UnknownId) unknown++;
                ids.Add(id);
            }
            ids.Add(vocabulary.SentenceEndId);
            sentences++;
            if (ids.Count >= 1 << 13) Flush();
        }
        Flush();
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), count);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), unknown);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), sentences);
        fingerprint.CopyTo(header, FingerprintAt);
        stream.Position = 0;
        stream.Write(header);

        void Flush()
        {
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ids)));
            count += ids.Count;
            ids.Clear();
        }
    }
}
