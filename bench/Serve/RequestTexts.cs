using System.Text.Json;
using LdNetGpu.Devices;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Bench;

/// <summary>A request's body, and its words as the tagger cuts them.</summary>
sealed record RequestText(byte[] Body, int Words);

/// <summary>Cuts a text into requests of whole sentences.</summary>
static class RequestTexts
{
    public static RequestText[] Read(string file, int words)
    {
        var requests = new List<RequestText>();
        var sentences = new List<string>();
        var count = 0;
        foreach (var sentence in RawText.ReadFile(file))
        {
            sentences.Add(sentence.Text!.Text);
            count += sentence.Words.Length;
            if (count < words) continue;
            // As it is cut in the request: a sentence that another one followed in the file may end otherwise.
            var text = string.Join(' ', sentences);
            requests.Add(new(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["text"] = text }),
                RawText.WordRanges(text).Count));
            sentences.Clear();
            count = 0;
        }
        return requests.Count > 0 ? [.. requests]
            : throw new UserException($"{file}: fewer than {words} words: no request can be made of them.");
    }
}
