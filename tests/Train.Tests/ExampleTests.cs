using System.Diagnostics;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests;

/// <summary><c>examples/TrainAndTag</c> as its reader runs it: the library without the program.</summary>
public sealed class ExampleTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task TrainAndTagFindsNamesWithAPrunedTagger()
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "LdNetGpu.TrainAndTag.dll"), files.Folder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        Assert.StartsWith("test F1 ", lines[0], StringComparison.Ordinal);
        Assert.Equal(4, lines.Length);
        Assert.Contains(lines[1..],
            line => line.Contains("PER", StringComparison.Ordinal) || line.Contains("ORG", StringComparison.Ordinal));
    }
}
