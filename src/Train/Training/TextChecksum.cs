using System.Runtime.InteropServices;
using System.Text;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Training;

/// <summary>Tells whether a run that goes on has the text that it began with.</summary>
static class TextChecksum
{
    /// <summary>CRC-32C of all words and tags, 8 hexadecimal digits.</summary>
    public static string Of(LabelledFile file)
    {
        var sum = new Crc32C();
        foreach (var sentence in file.Sentences)
        {
            for (var i = 0; i < sentence.Words.Length; i++)
                sum.Append(Encoding.UTF8.GetBytes($"{sentence.Words[i]}\t{sentence.Tags![i]}\n"));
            sum.Append("\n"u8);
        }
        return sum.Value.ToString("x8");
    }

    /// <summary>CRC-32C of all ids, 8 hexadecimal digits; a cache brings it along.</summary>
    public static string Of(ITokenSequence tokens)
    {
        if (tokens is TokenCache cache) return cache.Checksum.ToString("x8");
        var sum = new Crc32C();
        var ids = new int[tokens.Count];
        tokens.CopyTo(0, ids);
        sum.Append(MemoryMarshal.AsBytes(ids.AsSpan()));
        return sum.Value.ToString("x8");
    }
}
