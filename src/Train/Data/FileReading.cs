namespace LdNetGpu.Train.Data;

/// <summary>
/// What every reading of a file keeps to from <see cref="Use"/> on: how long a line and a word may be, how far a gzip
/// file may grow, and who may stop it. A file says nothing of that before it is read, and may be anyone's.
/// </summary>
public sealed record FileReading
{
    static readonly AsyncLocal<FileReading?> Ambient = new();

    /// <summary>What is in use here: the defaults, unless there is a <see cref="Use"/> around.</summary>
    public static FileReading Current => Ambient.Value ?? Default;

    static FileReading Default { get; } = new();

    /// <summary>Bytes of a line at most, its line end not counted; a line is held in memory.</summary>
    /// <value>1 or more; 16 MiB by default.</value>
    public int MostLineBytes { get; init => field = AtLeastOne(value, nameof(MostLineBytes)); } = 1 << 24;

    /// <summary>Bytes of a word at most: of a run without a space or TAB.</summary>
    /// <value>1 or more; 1 MiB by default.</value>
    public int MostWordBytes { get; init => field = AtLeastOne(value, nameof(MostWordBytes)); } = 1 << 20;

    /// <summary>
    /// How many times larger than a gzip file its content may be, once that is 64 MiB and more: text is some 3 to 10
    /// times, the format goes to 1,032.
    /// </summary>
    /// <value>1 or more; 200 by default.</value>
    public int MostInflation { get; init => field = AtLeastOne(value, nameof(MostInflation)); } = 200;

    /// <summary>Asked between two pieces of a file; cancelled, the reading throws.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Makes this the current one, here and in what is called from here.</summary>
    /// <returns>Ends it, and puts back what was current before.</returns>
    public IDisposable Use()
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = this;
        return scope;
    }

    static int AtLeastOne(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }

    sealed class Scope(FileReading? outer) : IDisposable
    {
        public void Dispose() => Ambient.Value = outer;
    }
}
