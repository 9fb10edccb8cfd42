using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Cli;

/// <summary>
/// Standard output that fails where no one reads it any more. .NET's own swallows that, and <c>ldnet tag | head</c>
/// would tag on to the end of its input.
/// </summary>
sealed class StandardOutput(Stream console, Func<bool> hasReader) : Stream
{
    // A call to the system for each line took most of the time of a text of many short ones.
    const int BrokenPipe = 32, BufferedCharacters = 1 << 14;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set =>
        throw new NotSupportedException(); }

    /// <summary>
    /// Where results go: as the console's own writer, but for a pipe whose other end was closed, and for what a
    /// terminal would obey. Flushed by who waits or ends.
    /// </summary>
    public static TextWriter Open() => Console.IsOutputRedirected
        ? TextWriter.Synchronized(new StreamWriter(
            new StandardOutput(Console.OpenStandardOutput(), () => HostFile.HasReader(StandardStreams.Output)),
            new UTF8Encoding(false), BufferedCharacters))
        : new TerminalWriter(Console.Out);

    /// <summary>True where a write failed because no one reads any more.</summary>
    public static bool IsClosed(Exception error) => error is IOException { HResult: BrokenPipe };

    /// <summary>What was written before a failure is to be seen; the failure is what is told.</summary>
    public static void TryFlush(TextWriter output)
    {
        try
        {
            output.Flush();
        }
        catch (Exception error) when (error is IOException or UserException)
        {
            return;
        }
    }

    /// <exception cref="IOException">The reader left (<see cref="IsClosed"/>).</exception>
    /// <exception cref="UserException">The disk is full, or another fault.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!hasReader()) throw new IOException("Standard output was closed by its reader.", BrokenPipe);
        try
        {
            console.Write(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"standard output cannot be written: {error.Message.TrimEnd('.')}."
                + (FileOperations.IsDiskFull(error) ? " Free some space, or send it elsewhere." : ""), error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => console.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
