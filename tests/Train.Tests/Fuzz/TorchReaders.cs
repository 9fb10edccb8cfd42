using System.IO.Compression;
using LdNetGpu.Tests.Models;
using LdNetGpu.Train.Import;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>Readers of PyTorch's files and of pickled vocabularies.</summary>
static class TorchReaders
{
    public static FuzzedReader Files() => new(
        [
            .. new[] { "tagger.zip.th", "tagger.older.th", "lm.zip.th", "lm.older.th" }.Select(Bytes),
            TorchImportTests.Zip(("archive/data.pkl", "cos\nsystem\n)R."u8.ToArray())),
        ], Read);

    /// <summary>A zip's pickle by itself: the zip's checksum would find every change of it first.</summary>
    public static FuzzedReader Pickles()
    {
        using var zip = new ZipArchive(new MemoryStream(Bytes("tagger.zip.th")));
        var entries = zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(content);
            return content.ToArray();
        });
        const string pickle = "tagger.zip/data.pkl";
        return new([entries[pickle]], bytes => Read(TorchImportTests.Zip(
            [.. entries.Select(entry => (entry.Key, entry.Key == pickle ? bytes : entry.Value))])));
    }

    public static FuzzedReader Vocabularies() => new(
        [Bytes("tagger_map.pk"), Bytes("lm_map.pk"), "cos\nsystem\n)R."u8.ToArray(), "(I1\nI2\nd."u8.ToArray()],
        bytes =>
        {
            var maps = new PublishedVocabularies(new MemoryStream(bytes), "file");
            foreach (var (map, count) in new[] { ("gw_map", 9), ("c_map", 8), ("y_map", 7), ("w_map", 30) })
                if (maps.Has(map)) maps.Of(map, count, "\n");
        });

    static void Read(byte[] bytes)
    {
        using var file = new TorchFile(new MemoryStream(bytes), "file");
        var model = (file.Root as PickleDictionary)?.GetValueOrDefault("model") as PickleDictionary;
        _ = new TorchWeights(file).Hidden("f_lm.rnn.");
        foreach (var (name, value) in model ?? [])
            if (value is TorchTensor tensor) file.Values(tensor, $"{name}");
    }

    static byte[] Bytes(string name) => File.ReadAllBytes(TorchImportTests.Torch(name));
}
