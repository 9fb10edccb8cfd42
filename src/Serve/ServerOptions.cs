using System.Net;

namespace LdNetGpu.Serve;

/// <summary>How a tagger is served.</summary>
sealed record ServerOptions
{
    /// <summary>Where connections are taken; port 0 lets the system choose.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>Words at which a batch is full.</summary>
    public int BatchWords { get; init; } = 1024;

    /// <summary>How long a sentence waits at most for others to fill its batch, while no batch is computed.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Words that may wait to be tagged; a request that goes beyond, with others waiting, is refused.
    /// </summary>
    public int QueueWords { get; init; } = 50_000;

    /// <summary>Bytes of a request's body at most.</summary>
    public int BodyBytes { get; init; } = 1 << 20;

    /// <summary>From a request's head to the last of its sentences tagged.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests that run may take to end once the server is to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a model that comes to lie in the folder takes the place of the one in memory.</summary>
    public bool Reloads { get; init; }

    /// <summary>What a request must show; null for nothing.</summary>
    public string? ApiKey { get; init; }
}
