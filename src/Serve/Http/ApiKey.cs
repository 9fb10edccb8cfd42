using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LdNetGpu.Serve.Http;

/// <summary>
/// The key that a request must show, as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>. Compared by digests
/// of one length, in constant time.
/// </summary>
sealed class ApiKey(string key)
{
    const string Scheme = "Bearer ", Header = "X-Api-Key";

    readonly byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>An endpoint that has it is for those who have the key.</summary>
    public sealed record Needed;

    public bool IsShown(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        var shown = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim() : headers[Header].ToString();
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), digest);
    }
}
