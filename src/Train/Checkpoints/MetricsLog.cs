using System.Text;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>
/// metrics.jsonl: one JSON object a line, only ever appended to. A line that a kill cut short is overwritten by the
/// next.
/// </summary>
sealed class MetricsLog(string path)
{
    public const string FileName = "metrics.jsonl";

    /// <summary>Bytes up to and with the last line end.</summary>
    public long WholeLength
    {
        get
        {
            if (!File.Exists(path)) return 0;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            for (var length = stream.Length; length > 0; length--)
            {
                stream.Position = length - 1;
                if (stream.ReadByte() == '\n') return length;
            }
            return 0;
        }
    }

    public void Append(string json)
    {
        if (json.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new ArgumentException("A metrics record is one line.", nameof(json));
        try
        {
            var end = WholeLength;
            using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            stream.SetLength(end);
            stream.Position = end;
            stream.Write(Encoding.UTF8.GetBytes(json + "\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be written: {error.Message.TrimEnd('.')}.", error);
        }
    }

    public void CutTo(long length)
    {
        if (WholeLength <= length) return;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        stream.SetLength(length);
    }

    public IReadOnlyList<string> ReadLines()
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
