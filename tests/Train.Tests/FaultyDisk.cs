using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Tests;

/// <summary>What becomes of an operation on the disk.</summary>
public enum DiskFault
{
    /// <summary>The process ends there: a write is cut short, and nothing that follows reaches the disk.</summary>
    Killed,

    /// <summary>ENOSPC: a write is cut short.</summary>
    NoSpace,

    /// <summary>EIO.</summary>
    Broken,

    /// <summary>EACCES.</summary>
    Denied,
}

/// <summary>The process ended, as it were.</summary>
sealed class ProcessKilledException : Exception;

/// <summary>A disk on which one operation fails, counted from 0; each write of a stream counts.</summary>
sealed class FaultyDisk(DiskFault fault, int failsAt) : FileOperations
{
    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    /// <summary>Which operation it was; null before.</summary>
    public string? FailedAt { get; private set; }

    public override void CreateFolder(string path) => Do("create folder", () => base.CreateFolder(path));

    public override Stream Create(string path)
    {
        Stream? stream = null;
        Do("create", () => stream = base.Create(path));
        return new FaultyStream(stream!, this);
    }

    public override void Synchronize(Stream stream) =>
        Do("synchronize", ((FaultyStream)stream).Inner.Flush);

    public override void Replace(string from, string to) => Do("rename", () => base.Replace(from, to));

    public override void RenameFolder(string from, string to) =>
        Do("rename folder", () => base.RenameFolder(from, to));

    public override void Delete(string path) => Do("delete", () => base.Delete(path));

    public override void DeleteFolder(string path) => Do("delete folder", () => base.DeleteFolder(path));

    void Do(string name, Action operation)
    {
        if (Fails(name)) throw Fault();
        operation();
    }

    bool Fails(string name)
    {
        var number = Operations++;
        if (number == failsAt) FailedAt = name;
        return number == failsAt || fault == DiskFault.Killed && number > failsAt;
    }

    Exception Fault() => fault switch
    {
        DiskFault.Killed => new ProcessKilledException(),
        DiskFault.NoSpace => new IOException("No space left on device", 28),
        DiskFault.Broken => new IOException("Input/output error", 5),
        _ => new UnauthorizedAccessException("Permission denied"),
    };

    sealed class FaultyStream(Stream inner, FaultyDisk disk) : Stream
    {
        public Stream Inner => inner;

        public override bool CanRead => false;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var fails = disk.Fails("write");
            inner.Write(fails ? buffer[..(buffer.Length / 2)] : buffer);
            if (fails) throw disk.Fault();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
