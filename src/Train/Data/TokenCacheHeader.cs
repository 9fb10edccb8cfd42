using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Train.Data;

/// <summary>What a token cache says of itself before its ids.</summary>
/// <param name="Count">Ids that follow.</param>
/// <param name="UnknownCount">Of them, unknown words.</param>
/// <param name="SentenceCount">Of them, sentence ends of the corpus's own lines.</param>
/// <param name="Fingerprint">SHA-256 of what it was made from: <see cref="FingerprintOf"/>.</param>
/// <param name="Crc">CRC-32C of the ids.</param>
/// <remarks>
/// Little-endian: "LDNETTK2" (8 bytes), the three counts (8 bytes each), the fingerprint (32 bytes), CRC-32C of the ids
/// and of all before it (4 bytes each).
/// </remarks>
sealed record TokenCacheHeader(long Count, long UnknownCount, long SentenceCount, byte[] Fingerprint, uint Crc)
{
    /// <summary>Bytes of the header.</summary>
    public const int Bytes = 72;

    const int FingerprintAt = 32, CrcAt = 64, OwnCrcAt = 68;

    static ReadOnlySpan<byte> Magic => "LDNETTK2"u8;

    /// <summary>
    /// SHA-256 of the vocabulary and of every byte of the sources. Names and times of change say nothing: a link may
    /// lead elsewhere than it did, a copy keeps its time, and two changes within one tick have the same.
    /// </summary>
    /// <exception cref="UserException">A source cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static byte[] FingerprintOf(Corpus corpus, Vocabulary vocabulary)
    {
        var cancellation = FileReading.Current.Cancellation;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        foreach (var source in corpus.Files)
        {
            using var stream = InputFile.OpenRaw(source);
            long length = 0;
            for (int read; (read = stream.Read(buffer)) > 0; length += read)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }
            // Where one file ends and the next begins belongs to the text.
            hash.AppendData(MemoryMarshal.AsBytes([length]));
        }
        foreach (var token in vocabulary.Tokens) hash.AppendData(Encoding.UTF8.GetBytes(token + "\n"));
        return hash.GetHashAndReset();
    }

    /// <summary>Writes the whole cache.</summary>
    /// <param name="stream">Written from its beginning; must seek.</param>
    /// <param name="corpus">The sentences.</param>
    /// <param name="vocabulary">A language model's.</param>
    /// <param name="fingerprint">Of both.</param>
    public static void Encode(Stream stream, Corpus corpus, Vocabulary vocabulary, byte[] fingerprint)
    {
        stream.Write(new byte[Bytes]);
        var (count, unknown, sentences) = (0L, 0L, 0L);
        var crc = new Crc32C();
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
        stream.Position = 0;
        stream.Write(new TokenCacheHeader(count, unknown, sentences, fingerprint, crc.Value).ToBytes());

        void Flush()
        {
            var bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ids));
            stream.Write(bytes);
            crc.Append(bytes);
            count += ids.Count;
            ids.Clear();
        }
    }

    /// <summary>The header, where it is one and fits the file's length; else null.</summary>
    /// <param name="bytes"><see cref="Bytes"/> of them.</param>
    /// <param name="fileLength">Of the whole file.</param>
    public static TokenCacheHeader? Parse(ReadOnlySpan<byte> bytes, long fileLength)
    {
        if (!bytes.StartsWith(Magic)
            || Crc32C.Of(bytes[..OwnCrcAt]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[OwnCrcAt..]))
            return null;
        var header = new TokenCacheHeader(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            bytes[FingerprintAt..CrcAt].ToArray(), BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]));
        // From the length: a count times four may be beyond what a number holds.
        return (fileLength - Bytes) % sizeof(int) == 0 && header.Count == (fileLength - Bytes) / sizeof(int)
            && header.Count > 0 && header.UnknownCount >= 0 && header.SentenceCount > 0
            && header.UnknownCount <= header.Count - header.SentenceCount ? header : null;
    }

    byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), UnknownCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), SentenceCount);
        Fingerprint.CopyTo(bytes, FingerprintAt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(OwnCrcAt), Crc32C.Of(bytes.AsSpan(0, OwnCrcAt)));
        return bytes;
    }
}
