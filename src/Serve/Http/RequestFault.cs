namespace LdNetGpu.Serve.Http;

/// <summary>Why a request is not answered as it was meant; becomes a problem of RFC 9457.</summary>
/// <param name="status">Of HTTP.</param>
/// <param name="title">What is wrong, in a few words.</param>
/// <param name="detail">Where, and what to do.</param>
sealed class RequestFault(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    /// <summary>Seconds after which it may be tried again; null where that does not help.</summary>
    public int? RetryAfter { get; init; }
}
