using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A place in a file that cannot be used. The message is <c>FILE, line N, byte N: problem</c>.</summary>
/// <param name="file">The file, or what the text was called.</param>
/// <param name="line">From 1.</param>
/// <param name="problem">What was found there, and what to do.</param>
/// <param name="column">Byte in the line, from 1; null where the whole line is meant.</param>
/// <param name="inner">The error beneath, where there is one.</param>
public sealed class InputException(string file, long line, string problem, int? column = null, Exception? inner = null)
    : UserException(
        Invariant($"{file}, line {line}{(column is { } number ? $", byte {number}" : "")}: {problem}"), inner)
{
    /// <summary>The file, or what the text was called.</summary>
    public string File { get; } = file;

    /// <summary>From 1.</summary>
    public long Line { get; } = line;

    /// <summary>Byte in the line, from 1; null where the whole line is meant.</summary>
    public int? Column { get; } = column;

    /// <summary>What else may mend it besides the file.</summary>
    public InputRemedy Remedy { get; init; }
}
