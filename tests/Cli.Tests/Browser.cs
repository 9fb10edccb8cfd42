using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests;

/// <summary>
/// Chromium without a window: what a page is once it is laid out. CI requires it; elsewhere tests without it are
/// skipped, and say why.
/// </summary>
static class Browser
{
    /// <summary>Environment variable: 1 makes its lack a failure.</summary>
    const string RequiredVariable = OpenClForTests.RequiredVariable;

    const int Milliseconds = 60_000;

    // The page's own numbers, left in an attribute.
    const string Probe = """
        <script>
        const images = [...document.images].map(i => ({ width: i.naturalWidth, height: i.naturalHeight, alt: i.alt }));
        const rows = [...document.querySelectorAll("tr")].map(r => [...r.cells].map(c => c.innerText));
        document.body.dataset.probe = JSON.stringify({
            title: document.title, images, rows,
            overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        });
        </script>
        """;

    /// <summary>Its executable; null where there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .SelectMany(folder => ((string[])["chromium", "chromium-browser", "google-chrome"])
            .Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Why there is none here; null where there is.</summary>
    /// <exception cref="InvalidOperationException">There is none, and this run requires it.</exception>
    public static string? WhyNot => Program is not null ? null
        : Environment.GetEnvironmentVariable(RequiredVariable) == "1"
            ? throw new InvalidOperationException($"{RequiredVariable}=1, and there is no Chromium on the path")
        : "there is no Chromium on the path (apt-get install chromium)";

    /// <summary>
    /// Lays a page out at 1200 pixels: its <c>title</c>; <c>images</c> with width, height and alt, 0 x 0 for what
    /// cannot be drawn; <c>rows</c> of all tables as lists of what is read there; <c>overflow</c>, the pixels by which
    /// it is too wide.
    /// </summary>
    /// <param name="file">The page, to which a script is added in a copy.</param>
    public static JsonNode Open(string file)
    {
        var copy = file + ".probe.html";
        var page = File.ReadAllText(file);
        Assert.EndsWith("</body>\n</html>\n", page);
        File.WriteAllText(copy, page.Replace("</body>", Probe + "</body>", StringComparison.Ordinal));
        var profile = Directory.CreateTempSubdirectory("ldnet-browser-").FullName;
        try
        {
            var start = new ProcessStartInfo(Program!)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                ArgumentList =
                {
                    "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}",
                    "--window-size=1200,900", "--virtual-time-budget=5000", "--dump-dom", new Uri(copy).AbsoluteUri,
                },
            };
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Milliseconds))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"Chromium was not done after {Milliseconds / 1000} s: {errors.Result}");
            }
            return Probed(output.Result, errors.Result);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    static JsonNode Probed(string document, string errors)
    {
        const string Mark = "data-probe=\"";
        var begin = document.IndexOf(Mark, StringComparison.Ordinal);
        Assert.True(begin >= 0, $"the page's script did not run: {errors}");
        var text = document[(begin + Mark.Length)..];
        return JsonNode.Parse(System.Net.WebUtility.HtmlDecode(text[..text.IndexOf('"')]))
            ?? throw new JsonException("nothing");
    }
}
