using System.Globalization;
using System.Text;

namespace LdNetGpu.Serve.Models;

/// <summary>
/// What tells a model's folder from the same folder with another model: its files' names, sizes, times.
/// </summary>
static class FolderStamp
{
    /// <returns>Null where the folder cannot be read now, as while it is put in place.</returns>
    public static string? Of(string folder)
    {
        try
        {
            var stamp = new StringBuilder();
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => !file.Name.StartsWith('.')).OrderBy(file => file.FullName, StringComparer.Ordinal))
                stamp.Append(CultureInfo.InvariantCulture,
                    $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n");
            return stamp.ToString();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
