using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>What a file may not be larger in.</summary>
public enum InputLimit
{
    /// <summary><see cref="FileReading.MostLineBytes"/>.</summary>
    LineBytes,

    /// <summary><see cref="FileReading.MostWordBytes"/>.</summary>
    WordBytes,

    /// <summary><see cref="FileReading.MostInflation"/>.</summary>
    Inflation,
}

/// <summary>A file goes beyond a limit of <see cref="FileReading"/>, and is read no further.</summary>
/// <param name="file">The file, or what the text was called.</param>
/// <param name="limit">Which one.</param>
/// <param name="problem">What was found, and why that is refused.</param>
/// <param name="line">From 1; null where no line is meant.</param>
public sealed class InputLimitException(string file, InputLimit limit, string problem, long? line = null)
    : UserException(Invariant($"{file}{(line is { } number ? $", line {number}" : "")}: {problem}"))
{
    /// <summary>The file, or what the text was called.</summary>
    public string File { get; } = file;

    /// <summary>Which limit.</summary>
    public InputLimit Limit { get; } = limit;

    /// <summary>From 1; null where no line is meant.</summary>
    public long? Line { get; } = line;
}
