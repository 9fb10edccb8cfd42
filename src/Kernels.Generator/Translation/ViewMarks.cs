namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>
/// What a kernel may do with the memory of a view that it is launched with; as KernelParameter has it.
/// </summary>
enum ViewAccess
{
    ReadWrite,

    /// <summary>The kernel writes nothing through it, nor through what is made of it.</summary>
    Read,

    /// <summary>And nothing else of the launch writes there: [NoAlias].</summary>
    ReadUnaliased,

    /// <summary>And who launches it sees to that.</summary>
    ReadUnaliasedByCaller,
}

/// <summary>
/// Finds the views that a kernel writes: while it is translated for this alone, each view of the entry point has a mark
/// in the place of its kind of memory, which every pointer made of it carries along.
/// </summary>
sealed class ViewMarks
{
    const char First = '\uE000'; // Unicode's area for private use: no letter of Space.

    readonly HashSet<char> written = [];
    int count;

    public char Next() => (char)(First + count++);

    /// <summary>Whether the entry point's view of that number is written.</summary>
    public bool IsWritten(int view) => written.Contains((char)(First + view));

    /// <summary>Something may be written to memory of this kind.</summary>
    public void Write(char space)
    {
        if (space >= First) written.Add(space);
    }

    /// <summary>
    /// Pointers that take turns in one variable: their types must be alike, so they count as written.
    /// </summary>
    /// <returns>Whether marks are all that tells them apart.</returns>
    public bool Mix(string one, string other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] == other[i]) continue;
            if (one[i] < First && other[i] < First) return false;
            Write(one[i]);
            Write(other[i]);
        }
        return true;
    }
}
