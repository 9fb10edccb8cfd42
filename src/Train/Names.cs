namespace LdNetGpu.Train;

/// <summary>Names in a message.</summary>
static class Names
{
    const int Shown = 5;

    /// <summary>The first of them, quoted, and how many more there are.</summary>
    /// <param name="names">One at least.</param>
    public static string First(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => $"'{name}'")];
        return all.Length <= Shown ? string.Join(", ", all)
            : $"{string.Join(", ", all[..Shown])} and {all.Length - Shown:N0} more";
    }
}
