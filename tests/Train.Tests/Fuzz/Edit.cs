using System.Buffers.Binary;
using System.Text;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>What an <see cref="Edit"/> does.</summary>
enum EditKind
{
    FlipBit,
    SetByte,
    InsertToken,
    Delete,
    Repeat,
    Truncate,
    ReplaceNumber,
    ReplaceBinaryNumber,
    Splice,
}

/// <summary>One change of an input: a kind, a place (of any size, taken within the input) and a value.</summary>
readonly record struct Edit(EditKind Kind, int Place, int Value)
{
    static readonly long[] Numbers =
    [
        0, 1, -1, 2, 255, 256, 65_535, 65_536, int.MaxValue, int.MinValue, 2_147_483_648, 4_294_967_295,
        4_611_686_018_427_387_904, long.MaxValue, long.MinValue,
    ];

    // What the formats give a meaning to, and what numbers and texts should not be.
    static readonly byte[][] Tokens =
    [
        .. Numbers.Select(number => Encoding.UTF8.GetBytes($"{number}")),
        .. new[]
        {
            "9223372036854775808", "1e308", "1e999", "-0", "NaN", "Infinity", "null", "true", "\"\"", "\"", "{", "}",
            "[", "]", ",", ":", "\\ud800", "\\u0000", "\r", "\n", "\r\n", "\n\n", "\t", " ", "\u00A0", "\u2028",
            "\uFEFF", "\uFFFD", "\u200B", "😀", "/", "..", "B-", "I-", "E-", "S-", "M-", "U-", "O", "B-PER", "-X-",
            "-DOCSTART-", "# ", "1-2", "1.1", "<unk>", "<eos>", "<s>", "<eof>", "F64", "I64", "data_offsets",
        }.Select(Encoding.UTF8.GetBytes),
        [0], [0xFF], [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0xF5], [0x1F, 0x8B],
    ];

    /// <summary>The changed input; <paramref name="other"/> is what is spliced in.</summary>
    public byte[] Apply(byte[] input, byte[] other)
    {
        var place = input.Length == 0 ? 0 : Place % input.Length;
        var count = Math.Min(1 + Value % 40, input.Length - place);
        return Kind switch
        {
            EditKind.FlipBit when input.Length > 0 => With(input, place, (byte)(input[place] ^ (1 << (Value % 8)))),
            EditKind.SetByte when input.Length > 0 => With(input, place, (byte)Value),
            EditKind.InsertToken => [.. input[..place], .. Tokens[Value % Tokens.Length], .. input[place..]],
            EditKind.Delete => [.. input[..place], .. input[(place + count)..]],
            EditKind.Repeat => Repeat(input, place, count),
            EditKind.Truncate => input[..place],
            EditKind.ReplaceNumber => ReplaceNumber(input, place),
            EditKind.ReplaceBinaryNumber => ReplaceBinaryNumber(input, place),
            EditKind.Splice when other.Length > 0 =>
                [.. input[..place], .. other[(Value % other.Length)..]],
            _ => input,
        };
    }

    static byte[] With(byte[] input, int place, byte value)
    {
        var changed = input.ToArray();
        changed[place] = value;
        return changed;
    }

    byte[] Repeat(byte[] input, int place, int count)
    {
        var part = input.AsSpan(place, count).ToArray();
        return [.. input[..place], .. Enumerable.Repeat(part, 1 + Value % 60).SelectMany(bytes => bytes),
            .. input[place..]];
    }

    // The digits at the place, or the next ones.
    byte[] ReplaceNumber(byte[] input, int place)
    {
        var from = place;
        while (from < input.Length && !IsDigit(input[from])) from++;
        while (from > 0 && from < input.Length && IsDigit(input[from - 1])) from--;
        var to = from;
        while (to < input.Length && IsDigit(input[to])) to++;
        return [.. input[..from], .. Tokens[Value % Tokens.Length], .. input[to..]];
    }

    byte[] ReplaceBinaryNumber(byte[] input, int place)
    {
        if (input.Length < sizeof(long)) return input;
        var changed = input.ToArray();
        place = Math.Min(place / 4 * 4, changed.Length - sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(place), Numbers[Value % Numbers.Length]);
        return changed;
    }

    static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
