namespace LdNetGpu.Model.Configuration;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
static class NearestName
{
    /// <summary>
    /// The candidate with the fewest edits, if that is at most a third of its length (one edit at least); else null.
    /// </summary>
    public static string? Of(string typed, IEnumerable<string> candidates) =>
        candidates.Select(candidate => (candidate, edits: Edits(typed, candidate)))
            .Where(found => found.edits <= Math.Max(1, found.candidate.Length / 3))
            .OrderBy(found => found.edits).ThenBy(found => found.candidate, StringComparer.Ordinal)
            .Select(found => found.candidate).FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words.</summary>
    public static int Edits(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) table[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                var best = Math.Min(replace, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    best = Math.Min(best, 1 + table[i - 2, j - 2]);
                table[i, j] = best;
            }
        return table[left.Length, right.Length];
    }
}
