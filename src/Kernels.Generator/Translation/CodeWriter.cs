using System.Text;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>
/// Indented text whose lines know which C# line they come from: small gaps become empty lines, others a #line
/// directive.
/// </summary>
sealed class CodeWriter
{
    const int LargestGap = 2;
    readonly StringBuilder text = new();
    int depth;
    string? file;
    int nextLine;

    /// <summary>The next line comes from this line of this file.</summary>
    public void At(string sourceFile, int line)
    {
        if (sourceFile == file && line == nextLine) return;
        if (sourceFile == file && line > nextLine && line - nextLine <= LargestGap)
            text.Append('\n', line - nextLine);
        else
            text.Append(sourceFile == file ? $"#line {line}\n" : $"#line {line} \"{sourceFile}\"\n");
        (file, nextLine) = (sourceFile, line);
    }

    public void Line(string line)
    {
        text.Append(' ', 4 * depth).Append(line).Append('\n');
        nextLine++;
    }

    public void Indent() => depth++;

    public void Open(string line)
    {
        Line(line);
        depth++;
    }

    public void Close(string line = "}")
    {
        depth--;
        Line(line);
    }

    public override string ToString() => text.ToString();
}
