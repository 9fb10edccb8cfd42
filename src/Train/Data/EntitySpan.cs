namespace LdNetGpu.Train.Data;

/// <summary>
/// Words <paramref name="Start"/> to <paramref name="End"/> - 1 of a sentence, counted from 0, are one
/// <paramref name="Type"/>.
/// </summary>
/// <param name="Start">The first word, from 0.</param>
/// <param name="End">One more than the last word.</param>
/// <param name="Type">As the tags name it: <c>PER</c>.</param>
public readonly record struct EntitySpan(int Start, int End, string Type)
{
    /// <summary>As the tags name it: <c>PER</c>.</summary>
    public string Type
    {
        get => field ?? "";
        init => field = value ?? throw new ArgumentNullException(nameof(Type));
    } = Type ?? throw new ArgumentNullException(nameof(Type));
}
