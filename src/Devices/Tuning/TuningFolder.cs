using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Tuning;

/// <summary>
/// The records of tuned kernels, beside the compiled ones: a file for each key, which appears whole by a rename.
/// </summary>
/// <param name="cache">Whose folder they are in, below <c>tuned</c>.</param>
sealed class TuningFolder(CompiledKernelCache cache)
{
    // A record of thousands of candidates is smaller.
    const long MostBytes = 64 << 20;

    /// <summary>Where the record of a key is, or would be.</summary>
    public string PathOf(TuningKey key) => Path.Combine(cache.Folder, "tuned", key.Hash + ".json");

    /// <summary>The record of this key; null where there is none.</summary>
    /// <exception cref="UserException">There is a file, and it is no record, or of another key.</exception>
    public TuningRecord? Find(TuningKey key)
    {
        var path = PathOf(key);
        if (!File.Exists(path)) return null;
        var record = Read(path);
        record.RequireOf(key, path);
        return record;
    }

    /// <summary>A record from any file.</summary>
    /// <exception cref="UserException">It cannot be read, or is no record.</exception>
    public static TuningRecord Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw new UserException(Invariant($"{path}: more than {MostBytes >> 20} MiB: no record of tuning."));
            return TuningRecord.Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes a record to a file; its folder is made.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static void Write(TuningRecord record, string path)
    {
        var temporary = Invariant($"{path}.{Environment.ProcessId}.new");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(temporary, record.ToJson() + "\n");
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            throw new UserException($"{path}: cannot be written: {error.Message.TrimEnd('.')}.", error);
        }
    }
}
