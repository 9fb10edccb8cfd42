using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>
/// Brings divided tensors together, on every shard: small ones several at once, a large one piece by piece.
/// </summary>
sealed class StateParts<T>(IStateShards shards) where T : unmanaged
{
    // Of a shard in an exchange: 4 MiB of floats.
    const int Most = 1 << 20;

    readonly List<Piece> pieces = [];
    long gathered;

    /// <summary>After it, every shard has all blocks of the tensors as their owners have them.</summary>
    /// <param name="tensors">Each without gaps, from the start of its buffer on.</param>
    public void Gather(IEnumerable<(DeviceBuffer<T> Buffer, StateDivision Division)> tensors)
    {
        foreach (var (buffer, division) in tensors)
        {
            for (long start = 0; start < division.Longest; start += Most)
            {
                var piece = new Piece(buffer, division, start);
                if (gathered + piece.Longest > Most) Exchange();
                pieces.Add(piece);
                gathered += piece.Longest;
            }
        }
        Exchange();
    }

    void Exchange()
    {
        if (pieces.Count == 0) return;
        int[] counts = [.. Enumerable.Range(0, shards.Shards).Select(shard =>
            pieces.Sum(piece => piece.Length(shard)))];
        var (mine, all) = (new T[counts[shards.Shard]], new T[counts.Sum()]);
        var place = 0;
        foreach (var piece in pieces)
        {
            var length = piece.Length(shards.Shard);
            piece.Buffer.CopyTo(mine.AsSpan(place, length), piece.First(shards.Shard));
            place += length;
        }
        shards.Gather<T>(mine, all, counts);
        place = 0;
        for (var shard = 0; shard < shards.Shards; shard++)
        {
            foreach (var piece in pieces)
            {
                var length = piece.Length(shard);
                if (shard != shards.Shard) piece.Buffer.CopyFrom(all.AsSpan(place, length), piece.First(shard));
                place += length;
            }
        }
        pieces.Clear();
        gathered = 0;
    }

    /// <summary>What an exchange takes of a tensor: of each block no more than <see cref="Most"/> elements.</summary>
    readonly record struct Piece(DeviceBuffer<T> Buffer, StateDivision Division, long Start)
    {
        public long Longest => Math.Min(Most, Division.Longest - Start);

        public long First(int shard) => Division.First(shard) + Start;

        public int Length(int shard) => (int)Math.Clamp(Division.Length(shard) - Start, 0, Most);
    }
}
