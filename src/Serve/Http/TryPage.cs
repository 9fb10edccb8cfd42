using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LdNetGpu.Serve.Http;

/// <summary>
/// The page to try the tagger on: one file, nothing from elsewhere, and no script or style but its own.
/// </summary>
static class TryPage
{
    static readonly string Page = Read();

    static readonly string Policy = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + $"frame-ancestors 'none'; script-src '{DigestOf("script")}'; style-src '{DigestOf("style")}'";

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Page);
    }

    static string Read()
    {
        using var page = typeof(TryPage).Assembly.GetManifestResourceStream("page.html")!;
        using var reader = new StreamReader(page);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    static string DigestOf(string element)
    {
        var start = Page.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var end = Page.IndexOf($"</{element}>", start, StringComparison.Ordinal);
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Page[start..end])));
    }
}
