namespace LdNetGpu.Train.Data;

/// <summary>Words <paramref name="Start"/> to <paramref name="End"/> - 1 of a sentence, counted from 0, are one <paramref name="Type"/>.</summary>
public readonly record struct EntitySpan(int Start, int End, string Type);
