using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace LdNetGpu.Train.Data;

/// <summary>
/// A corpus as token ids in a file of which a step reads its own part, so that one larger than memory trains. Both
/// directions read the one file. Made once, whole or not at all, and made again when what it was made from says another
/// thing, or it is damaged.
/// </summary>
/// <remarks>
/// A <see cref="TokenCacheHeader"/>, then ids of 4 bytes, little-endian. Read, not mapped: of a mapped file that
/// someone cuts short the system does not say so, it ends the process.
/// </remarks>
sealed class TokenCache : ITokenSequence, IDisposable
{
    const int PieceIds = 1 << 16;

    readonly string path;
    readonly SafeFileHandle file;
    readonly TokenCacheHeader header;
    readonly int words;

    TokenCache(string path, SafeFileHandle file, TokenCacheHeader header, int words) =>
        (this.path, this.file, this.header, this.words) = (path, file, header, words);

    public long Count => header.Count;

    public long UnknownCount => header.UnknownCount;

    public long SentenceCount => header.SentenceCount;

    /// <summary>CRC-32C of the ids.</summary>
    public uint Checksum => header.Crc;

    /// <summary>Whether this call encoded the corpus anew.</summary>
    public bool WasBuilt { get; private init; }

    /// <exception cref="ArgumentOutOfRangeException">The corpus has no such ids.</exception>
    /// <exception cref="ObjectDisposedException">The cache is closed.</exception>
    /// <exception cref="UserException">The file has become shorter since it was opened, or holds ids that the
    /// vocabulary has not.</exception>
    public void CopyTo(long start, Span<int> destination)
    {
        if (start < 0 || start > Count - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{destination.Length} ids from {start} on, of {Count}.");
        ObjectDisposedException.ThrowIf(file.IsClosed, this);
        if (Read(file, TokenCacheHeader.Bytes + start * sizeof(int), MemoryMarshal.AsBytes(destination))
            < destination.Length * sizeof(int))
            throw Changed("became shorter");
        if (!AreWords(destination, words)) throw Changed("was overwritten");
    }

    /// <summary>
    /// The ids of <paramref name="corpus"/> by <paramref name="vocabulary"/>, from <paramref name="path"/> where that
    /// is whole and was made from the same, else encoded into it.
    /// </summary>
    /// <param name="path">The cache; written over where it does not fit.</param>
    /// <param name="corpus">Read for its checksum, and again where it must be encoded.</param>
    /// <param name="vocabulary">A language model's.</param>
    /// <param name="files">What is done to the disk; null: what it says.</param>
    /// <exception cref="UserException">The corpus cannot be read or the cache not be written.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled; nothing was changed.</exception>
    public static TokenCache Open(string path, Corpus corpus, Vocabulary vocabulary, FileOperations? files = null)
    {
        if (vocabulary.UnknownId < 0 || vocabulary.SentenceEndId < 0)
            throw new ArgumentException(
                $"A language model's vocabulary holds {Vocabulary.Unknown} and {Vocabulary.SentenceEnd}.",
                nameof(vocabulary));
        var fingerprint = TokenCacheHeader.FingerprintOf(corpus, vocabulary);
        if (TryOpen(path, fingerprint, vocabulary.Count, wasBuilt: false) is { } whole) return whole;
        AtomicFile.Write(path, stream => TokenCacheHeader.Encode(stream, corpus, vocabulary, fingerprint), files);
        if (!TokenCacheHeader.FingerprintOf(corpus, vocabulary).AsSpan().SequenceEqual(fingerprint))
            throw new UserException($"{string.Join(", ", corpus.Files)}: changed while it was read. Start again.");
        return TryOpen(path, fingerprint, vocabulary.Count, wasBuilt: true)
            ?? throw new UserException($"{path}: changed while it was being opened. Give each run a cache of its own.");
    }

    public void Dispose() => file.Dispose();

    /// <summary>Null where there is none, or it is torn, damaged, foreign, or made from something else.</summary>
    /// <param name="path">The cache.</param>
    /// <param name="fingerprint">Of what it is to be made from.</param>
    /// <param name="words">Of the vocabulary: ids are below.</param>
    /// <param name="wasBuilt">For <see cref="WasBuilt"/>.</param>
    internal static TokenCache? TryOpen(string path, byte[] fingerprint, int words, bool wasBuilt)
    {
        if (!File.Exists(path)) return null;
        SafeFileHandle? file = null;
        var keeps = false;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[TokenCacheHeader.Bytes];
            if (Read(file, 0, bytes) < bytes.Length
                || TokenCacheHeader.Parse(bytes, RandomAccess.GetLength(file)) is not { } header
                || !header.Fingerprint.AsSpan().SequenceEqual(fingerprint) || !IsWhole(file, header, words))
                return null;
            keeps = true;
            return new TokenCache(path, file, header, words) { WasBuilt = wasBuilt };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{path}: the token cache cannot be read: {e.Message} Delete it or choose another folder.", e);
        }
        finally
        {
            if (!keeps) file?.Dispose();
        }
    }

    /// <summary>Every id is a word's, and all of them are those that were written.</summary>
    static bool IsWhole(SafeFileHandle file, TokenCacheHeader header, int words)
    {
        var cancellation = FileReading.Current.Cancellation;
        var ids = new int[Math.Min(PieceIds, header.Count)];
        var crc = new Crc32C();
        for (long start = 0; start < header.Count; start += ids.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var piece = ids.AsSpan(0, (int)Math.Min(ids.Length, header.Count - start));
            var bytes = MemoryMarshal.AsBytes(piece);
            if (Read(file, TokenCacheHeader.Bytes + start * sizeof(int), bytes) < bytes.Length
                || !AreWords(piece, words))
                return false;
            crc.Append(bytes);
        }
        return crc.Value == header.Crc;
    }

    // A negative id is a large one without a sign.
    static bool AreWords(ReadOnlySpan<int> ids, int words) =>
        ids.IsEmpty || TensorPrimitives.Max(MemoryMarshal.Cast<int, uint>(ids)) < (uint)words;

    /// <summary>Bytes read: fewer than asked for where the file ends.</summary>
    static int Read(SafeFileHandle file, long offset, Span<byte> into)
    {
        var count = 0;
        while (count < into.Length && RandomAccess.Read(file, into[count..], offset + count) is > 0 and var read)
            count += read;
        return count;
    }

    UserException Changed(string how) =>
        new($"{path}: {how} while it was in use. Delete it and start again; give each run a cache of its own.");
}
