using System.Globalization;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Import;

/// <summary>What the names in a pickle stand for. All else is refused by name.</summary>
interface IPickleNames
{
    /// <summary>Whether the name may stand in the file.</summary>
    bool Knows(PickleGlobal global);

    /// <summary>What the name makes of arguments; null where it makes nothing of these.</summary>
    object? Make(PickleGlobal global, object?[] arguments);

    /// <summary>What a reference outside of the pickle stands for; null where it is none.</summary>
    object? Refer(object? id);
}

/// <summary>
/// Reads a pickle's values: texts, numbers, lists, tuples, dictionaries, and what <see cref="IPickleNames"/> makes.
/// Nothing is imported, looked up or called; an opcode or a name that is not known here is refused with its place.
/// </summary>
/// <param name="bytes">Read up to the pickle's end.</param>
/// <param name="names">What names stand for.</param>
sealed class PickleReader(PickleBytes bytes, IPickleNames names)
{
    const int NewestProtocol = 5;

    readonly List<object?> stack = [];
    readonly Stack<int> marks = new();
    readonly Dictionary<long, object?> memo = [];

    /// <summary>The pickle's value.</summary>
    /// <exception cref="UserException">Damaged, or there is something in it that is no data.</exception>
    public object? Read()
    {
        while (true)
        {
            var opcode = bytes.Byte();
            if (opcode == '.') return Pop();
            Do(opcode);
        }
    }

    void Do(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                if (bytes.Byte() is var protocol && protocol > NewestProtocol)
                    throw bytes.Fault(Invariant($"pickle protocol {protocol} is newer than {NewestProtocol}"));
                break;
            case 0x95: // FRAME
                bytes.Int64();
                break;
            case (byte)'(':
                marks.Push(stack.Count);
                break;
            case (byte)'0':
                Pop();
                break;
            case (byte)'1':
                FromMark();
                break;
            case (byte)'2':
                stack.Add(Top());
                break;
            case (byte)'N':
                stack.Add(null);
                break;
            case 0x88 or 0x89: // NEWTRUE, NEWFALSE
                stack.Add(opcode == 0x88);
                break;
            case (byte)'I' or (byte)'L' or (byte)'F' or (byte)'J' or (byte)'K' or (byte)'M' or (byte)'G' or 0x8A
                or 0x8B:
                stack.Add(Number(opcode));
                break;
            case (byte)'V' or (byte)'S' or (byte)'X' or 0x8C or 0x8D or (byte)'T' or (byte)'U':
                stack.Add(Text(opcode));
                break;
            case (byte)'B' or (byte)'C' or 0x8E: // BINBYTES, SHORT_BINBYTES, BINBYTES8
                stack.Add(bytes.Bytes(
                    opcode == 'B' ? (uint)bytes.Int32() : opcode == 'C' ? bytes.Byte() : bytes.Int64()));
                break;
            case (byte)'p' or (byte)'q' or (byte)'r' or 0x94 or (byte)'g' or (byte)'h' or (byte)'j':
                Remember(opcode);
                break;
            case (byte)'c' or 0x93: // GLOBAL, STACK_GLOBAL
                Name(opcode);
                break;
            case (byte)'R':
                Reduce();
                break;
            case (byte)'b':
                Build();
                break;
            case (byte)'Q': // BINPERSID
                stack.Add(names.Refer(Pop())
                    ?? throw bytes.Fault("a reference to what lies outside, of no known kind"));
                break;
            default:
                Collect(opcode);
                break;
        }
    }

    void Collect(byte opcode)
    {
        switch (opcode)
        {
            case (byte)']' or (byte)'}' or (byte)')':
                stack.Add(opcode == ']' ? new PickleList()
                    : opcode == '}' ? new PickleDictionary() : Array.Empty<object>());
                break;
            case (byte)'l':
                var list = new PickleList();
                foreach (var item in FromMark()) list.Add(item);
                stack.Add(list);
                break;
            case (byte)'a':
                var last = Pop();
                Top<PickleList>("a list").Add(last);
                break;
            case (byte)'e':
                var items = FromMark();
                foreach (var item in items) Top<PickleList>("a list").Add(item);
                break;
            case (byte)'t':
                stack.Add(FromMark());
                break;
            case 0x85 or 0x86 or 0x87: // TUPLE1 to TUPLE3
                stack.Add(Take(opcode - 0x84));
                break;
            case (byte)'d':
                var pairs = FromMark();
                stack.Add(new PickleDictionary());
                Put(pairs);
                break;
            case (byte)'s':
                Put(Take(2));
                break;
            case (byte)'u':
                Put(FromMark());
                break;
            default:
                throw bytes.Fault(Invariant($"the pickle's opcode 0x{opcode:x2} makes more than data, or is none. ")
                    + "Nothing in the file was executed");
        }
    }

    object Number(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'J':
                return (long)bytes.Int32();
            case (byte)'K':
                return (long)bytes.Byte();
            case (byte)'M':
                return (long)(bytes.Byte() | bytes.Byte() << 8);
            case (byte)'G':
                return bytes.Double();
            case 0x8A or 0x8B: // LONG1, LONG4
                return Long(bytes.Bytes(opcode == 0x8A ? bytes.Byte() : bytes.Int32()));
        }
        var line = bytes.Line();
        if (opcode == 'I' && line is "00" or "01") return line == "01";
        if (opcode == 'L') line = line.TrimEnd('L');
        if (opcode != 'F'
            && long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return opcode == 'F' && double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? real : throw bytes.Fault("a number that cannot be read");
    }

    // Two's complement, least byte first. PyTorch's older format begins with one of ten bytes.
    object Long(byte[] number)
    {
        if (number.Length > sizeof(long)) return Convert.ToHexStringLower(number);
        var value = number.Length > 0 && number[^1] >= 0x80 ? -1L : 0;
        for (var i = number.Length - 1; i >= 0; i--) value = value << 8 | number[i];
        return value;
    }

    string Text(byte opcode) => opcode switch
    {
        (byte)'X' => bytes.Text((uint)bytes.Int32()),
        0x8C or (byte)'U' => bytes.Text(bytes.Byte()),
        0x8D => bytes.Text(bytes.Int64()),
        (byte)'T' => bytes.Text(bytes.Int32()),
        // Escapes are not undone: what is imported has none in texts of this form.
        (byte)'S' when bytes.Line() is var line && line.Length >= 2 && line[0] is '\'' or '"' && line[^1] == line[0]
            && !line.Contains('\\') => line[1..^1],
        (byte)'V' when bytes.Line() is var line && !line.Contains('\\') => line,
        _ => throw bytes.Fault("a text in a form that is not read: the file is of protocol 0; 2 and later are read"),
    };

    void Remember(byte opcode)
    {
        var isGet = opcode is (byte)'g' or (byte)'h' or (byte)'j';
        var key = opcode switch
        {
            0x94 => memo.Count,
            (byte)'q' or (byte)'h' => bytes.Byte(),
            (byte)'r' or (byte)'j' => (uint)bytes.Int32(),
            _ => long.TryParse(bytes.Line(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw bytes.Fault("a place of the memo that is no number"),
        };
        if (!isGet) memo[key] = Top();
        else stack.Add(memo.TryGetValue(key, out var value) ? value
            : throw bytes.Fault(Invariant($"place {key} of the memo is empty")));
    }

    void Name(byte opcode)
    {
        PickleGlobal global;
        if (opcode == 'c') global = new(bytes.Line(), bytes.Line());
        else
        {
            var pair = Take(2);
            global = pair is [string module, string name] ? new(module, name)
                : throw bytes.Fault("a name that is no text");
        }
        stack.Add(names.Knows(global) ? global
            : throw bytes.Fault($"the pickle names {Shown(global)}, which is none of the tensors, dictionaries and "
                + "numbers that are read. Nothing in the file was executed"));
    }

    void Reduce()
    {
        var arguments = Pop() as object?[] ?? throw bytes.Fault("arguments that are no tuple");
        if (Pop() is not PickleGlobal global)
            throw bytes.Fault("a call of what has no name. Nothing in the file was executed");
        stack.Add(names.Make(global, arguments)
            ?? throw bytes.Fault($"{Shown(global)} of arguments that it is never given here"));
    }

    // A state_dict's own attributes, and the byte order of a number's type.
    void Build()
    {
        var state = Pop();
        switch (Top())
        {
            case PickleDictionary when state is PickleDictionary:
                return;
            case PickleNumberType when state is object?[] and [long, "<" or "|", ..]:
                return;
            default:
                throw bytes.Fault("attributes of what has none here. Nothing in the file was executed");
        }
    }

    void Put(object?[] pairs)
    {
        var dictionary = Top<PickleDictionary>("a dictionary");
        if (pairs.Length % 2 != 0) throw bytes.Fault("a key without a value");
        for (var i = 0; i < pairs.Length; i += 2)
            dictionary[pairs[i] is string or long ? pairs[i]!
                : throw bytes.Fault("a key that is neither a text nor a whole number")] = pairs[i + 1];
    }

    object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    // What lies below a mark is taken only when the mark was.
    object? Top() => stack.Count > (marks.TryPeek(out var mark) ? mark : 0) ? stack[^1]
        : throw bytes.Fault("a value is taken where there is none");

    T Top<T>(string what) where T : class => Top() as T ?? throw bytes.Fault($"{what} is expected here");

    object?[] Take(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    object?[] FromMark()
    {
        if (!marks.TryPop(out var mark)) throw bytes.Fault("a mark is missing");
        var values = stack[mark..].ToArray();
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    // The file's, and printed: one line of no great length.
    static string Shown(PickleGlobal global)
    {
        var text = new string([.. global.ToString().Take(100).Select(c => char.IsControl(c) ? '?' : c)]);
        return $"'{text}'";
    }
}
