using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>Takes the files of a checkpoint that is being written.</summary>
sealed class CheckpointWriter
{
    readonly string staging;
    readonly FileOperations files;

    internal CheckpointWriter(string staging, FileOperations files)
    {
        this.staging = staging;
        this.files = files;
    }

    internal SortedDictionary<string, ManifestEntry> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a file. <paramref name="name"/> is relative, with <c>/</c>: <c>vocab/words.txt</c>.</summary>
    public void Add(string name, Action<Stream> write)
    {
        if (Path.GetDirectoryName(name) is { Length: > 0 } folder) files.CreateFolder(Path.Combine(staging, folder));
        files.Write(Path.Combine(staging, name), stream =>
        {
            using var counted = new ChecksumStream(stream);
            write(counted);
            Files.Add(name, counted.Entry);
        });
    }

    /// <summary>Takes every file of the last checkpoint over but some.</summary>
    /// <exception cref="UserException">One is not as it was written: a new checksum would hide it.</exception>
    public void KeepAllBut(IReadOnlyList<string> names, CheckpointFolder last)
    {
        foreach (var (file, entry) in last.Entries.Where(one => !names.Contains(one.Key)))
        {
            Add(file, stream =>
            {
                using var source = File.OpenRead(last.PathOf(file));
                source.CopyTo(stream);
            });
            if (Files[file] != entry)
                throw new UserException($"{last.PathOf(file)}: not as it was written: damaged or edited since. Restore "
                    + "it from a copy, or train again.");
        }
    }

    /// <summary>Adds a UTF-8 text file.</summary>
    public void AddText(string name, string text) => Add(name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Adds a text file of one line an entry, such as a vocabulary.</summary>
    public void AddLines(string name, IEnumerable<string> lines) => Add(name, stream =>
    {
        using var writer =
            new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines) writer.WriteLine(line);
    });

    /// <summary>Adds a safetensors file.</summary>
    public void AddTensors(string name, IReadOnlyList<NamedTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null) =>
        Add(name, stream => SafeTensorsWriter.Write(stream, tensors, metadata));
}
