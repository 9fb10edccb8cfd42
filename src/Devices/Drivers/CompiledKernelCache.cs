using System.Security.Cryptography;
using System.Text;

namespace LdNetGpu.Devices.Drivers;

/// <summary>
/// Compiled kernels on disk, one file each, named by the hash of all that determines them. Several processes may write
/// at once: a file appears whole by a rename. One that does not match its own checksum is as if absent and is written
/// anew. A folder that cannot be written only costs the time to compile.
/// </summary>
/// <param name="folder">Made when the first kernel is kept.</param>
/// <exception cref="ArgumentException">The folder's name is empty.</exception>
public sealed class CompiledKernelCache(string folder)
{
    /// <summary>Environment variable that names another folder.</summary>
    public const string Variable = "LDNET_KERNEL_CACHE";

    static readonly byte[] Mark = "LdNetGpu kernel 1\n"u8.ToArray();

    // Of the process, so that two caches over one folder never write to one name.
    static int written;

    /// <summary>Where the files are.</summary>
    public string Folder { get; } = Named(folder);

    /// <summary>Why the last write failed; null where none has.</summary>
    public string? Problem { get; private set; }

    /// <summary>
    /// The user's own: <see cref="Variable"/>, else <c>LdNetGpu/kernels</c> below the system's folder for caches.
    /// </summary>
    public static CompiledKernelCache Default()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen) return new(chosen);
        var caches = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new(Path.Combine(caches.Length > 0 ? caches : Path.GetTempPath(), "LdNetGpu", "kernels"));
    }

    /// <summary>
    /// Name for what these parts determine: text, options, device, driver version. Parts are told apart by their
    /// lengths.
    /// </summary>
    /// <param name="parts">In an order that is always the same.</param>
    /// <returns>SHA-256 in hexadecimal digits: a file's name.</returns>
    public static string Key(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What was kept under this key, or null.</summary>
    /// <param name="key">From <see cref="Key"/>.</param>
    /// <exception cref="ArgumentException"><see cref="Key"/> makes no such key.</exception>
    public byte[]? Find(string key)
    {
        RequireKey(key);
        byte[] file;
        try
        {
            file = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        var head = Mark.Length + SHA256.HashSizeInBytes;
        if (file.Length < head || !file.AsSpan(0, Mark.Length).SequenceEqual(Mark)) return null;
        return SHA256.HashData(file.AsSpan(head)).AsSpan()
            .SequenceEqual(file.AsSpan(Mark.Length, SHA256.HashSizeInBytes)) ? file[head..] : null;
    }

    /// <summary>
    /// Keeps a compiled kernel. A failure to write is kept in <see cref="Problem"/>: the kernel works all the same.
    /// </summary>
    /// <param name="key">From <see cref="Key"/>.</param>
    /// <param name="compiled">PTX, or what the driver gives for a compiled program.</param>
    /// <exception cref="ArgumentException"><see cref="Key"/> makes no such key.</exception>
    public void Keep(string key, byte[] compiled)
    {
        ArgumentNullException.ThrowIfNull(compiled);
        RequireKey(key);
        var temporary =
            PathOf($"{key}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref written)}.new");
        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(temporary, [.. Mark, .. SHA256.HashData(compiled), .. compiled]);
            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem = error.Message;
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    static string Named(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return folder;
    }

    // Anything else could name a file outside the folder.
    static void RequireKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length != 2 * SHA256.HashSizeInBytes || !key.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException(
                $"'{key}' is no key: CompiledKernelCache.Key makes {2 * SHA256.HashSizeInBytes} hexadecimal digits.",
                nameof(key));
    }

    string PathOf(string name) => Path.Combine(Folder, name);
}
