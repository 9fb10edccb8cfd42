using System.Text;

namespace LdNetGpu.Cli;

/// <summary>
/// Results on a terminal. What a text holds that it would obey is shown (<see cref="Printable"/>); a file or a pipe
/// gets the text as it is.
/// </summary>
sealed class TerminalWriter(TextWriter terminal) : TextWriter(terminal.FormatProvider)
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => terminal.Write(Printable.Of(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => terminal.WriteLine(Printable.Of(value ?? ""));

    public override void Flush() => terminal.Flush();
}
