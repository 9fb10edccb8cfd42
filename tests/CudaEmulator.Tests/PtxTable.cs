using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LdNetGpu.Tests.Emulation;

/// <summary>
/// Instructions with their values, one a line: <c>add.sat.s32 7fffffff 00000001 = 7fffffff</c>. Values are bits in
/// hexadecimal, whose number of digits is the register's width; <c>p1</c> is a predicate, <c>#4</c> written out in the
/// instruction, <c>{1111,2222}</c> a list of registers, <c>p1|p0</c> a result of two.
/// </summary>
sealed record PtxTable(IReadOnlyList<PtxTable.Row> Rows)
{
    // Bytes of a row's values in memory.
    const int Stride = 64;

    /// <summary>Bytes of a row's results.</summary>
    public const int ResultStride = 16;

    /// <summary>One instruction of the table.</summary>
    public sealed record Row(int Line, string Instruction, string[] Sources, string[] Results)
    {
        /// <summary>The line as it stands in the table.</summary>
        public override string ToString() =>
            $"line {Line}: {Instruction} {string.Join(' ', Sources)} = {string.Join('|', Results)}";
    }

    /// <summary>The table of an embedded file.</summary>
    public static PtxTable Read(string file)
    {
        using var reader = new StreamReader(typeof(PtxTable).Assembly.GetManifestResourceStream(file)!);
        return new([.. reader.ReadToEnd().Split('\n').Select(Parse).OfType<Row>()]);
    }

    static Row? Parse(string text, int index)
    {
        if (text.Length == 0 || text[0] == '#') return null;
        var words = text.Split(" = ");
        var left = words[0].Split(' ');
        return new(index + 1, left[0], left[1..], words[1].Split('|'));
    }

    // Compilers take much longer for one long function than for several.
    const int EntryRows = 32;

    /// <summary>The results of all rows, one after the other: each run once, by entries for some rows each.</summary>
    public byte[] Run()
    {
        using var module =
            new PtxModule(".version 8.0\n.target sm_90\n.address_size 64\n" + string.Concat(Entries.Select(Entry)));
        var (values, bytes) = (Values(), Rows.Count * ResultStride);
        return [
            .. Entries.SelectMany(first => module.Run($"Rows{first}", 1, values, bytes).Skip(first * ResultStride)
                .Take(EntryRows * ResultStride))];
    }

    // By their first rows.
    IEnumerable<int> Entries => Enumerable.Range(0, Rows.Count).Where(index => index % EntryRows == 0);

    string Entry(int first)
    {
        var text = new StringBuilder($".visible .entry Rows{first}(.param .u64 values, .param .u64 results)\n{{\n");
        text.Append(
            ".reg .b64 %values, %results;\nld.param.u64 %values, [values];\nld.param.u64 %results, [results];\n");
        for (var i = first; i < Math.Min(first + EntryRows, Rows.Count); i++) Append(text, Rows[i], i);
        return text.Append("ret;\n}\n").ToString();
    }

    // What the entries read: each source, or part of a list, in 8 bytes.
    byte[] Values()
    {
        var values = new byte[Rows.Count * Stride];
        for (var i = 0; i < Rows.Count; i++)
        {
            var parts = Registers(Rows[i]);
            for (var k = 0; k < parts.Length; k++)
                BitConverter.TryWriteBytes(values.AsSpan(i * Stride + 8 * k), Bits(parts[k]));
        }
        return values;
    }

    /// <summary>What is wrong in the results: a line for each row.</summary>
    public IEnumerable<string> Differences()
    {
        var results = Run();
        for (var i = 0; i < Rows.Count; i++)
        {
            var got = Rows[i].Results.Select(
                (expected, k) => Shown(BitConverter.ToUInt64(results, i * ResultStride + 8 * k), expected)).ToArray();
            if (!got.SequenceEqual(Rows[i].Results)) yield return $"{Rows[i]}, was {string.Join('|', got)}";
        }
    }

    static string Shown(ulong bits, string expected) =>
        expected[0] == 'p' ? $"p{bits}" : bits.ToString("x16")[^expected.Length..];

    static ulong Bits(string value) => ulong.Parse(value.TrimStart('p'), NumberStyles.HexNumber);

    // The values that registers hold, those of lists one by one.
    static string[] Registers(Row row) =>
        [.. row.Sources.SelectMany(source => source.Trim('{', '}').Split(',')).Where(source => source[0] != '#')];

    static string Type(string value) => value[0] == 'p' ? "pred" : $"b{value.Length * 4}";

    static void Append(StringBuilder text, Row row, int index)
    {
        text.Append("{\n");
        var registers = Registers(row);
        for (var k = 0; k < registers.Length; k++) Load(text, registers[k], k, index);
        for (var k = 0; k < row.Results.Length; k++) text.Append($".reg .{Type(row.Results[k])} %d{k};\n");
        var next = 0;
        var sources = row.Sources.Select(
            source => source[0] == '#' ? source[1..] : Regex.Replace(source, "[^{},]+", _ => $"%s{next++}"));
        text.Append(
            $"{row.Instruction} {(row.Results.Length == 2 ? "%d0|%d1" : "%d0")}, {string.Join(", ", sources)};\n");
        for (var k = 0; k < row.Results.Length; k++) Store(text, row.Results[k], k, index);
        text.Append("}\n");
    }

    static void Load(StringBuilder text, string value, int k, int index)
    {
        var address = $"[%values+{index * Stride + 8 * k}]";
        text.Append($".reg .{Type(value)} %s{k};\n");
        if (value[0] == 'p')
            text.Append($".reg .b32 %n{k};\nld.global.b32 %n{k}, {address};\nsetp.ne.b32 %s{k}, %n{k}, 0;\n");
        else text.Append($"ld.global.{Type(value)} %s{k}, {address};\n");
    }

    static void Store(StringBuilder text, string result, int k, int index)
    {
        var address = $"[%results+{index * ResultStride + 8 * k}]";
        if (result[0] == 'p')
            text.Append($".reg .b32 %m{k};\nselp.b32 %m{k}, 1, 0, %d{k};\nst.global.b32 {address}, %m{k};\n");
        else text.Append($"st.global.{Type(result)} {address}, %d{k};\n");
    }
}
