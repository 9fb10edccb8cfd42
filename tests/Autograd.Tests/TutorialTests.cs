using System.Diagnostics;

namespace LdNetGpu.Tests;

/// <summary>
/// The guide "Write a fused kernel": a project like a user's own, built beside this one, and run as its user would.
/// </summary>
public class TutorialTests
{
    [Fact]
    public void RunsOnTheManagedDevice() => Passes("managed");

    [Fact]
    public void RunsOnOpenCL()
    {
        Assert.SkipWhen(OpenClForTests.WhyNot is not null, OpenClForTests.WhyNot ?? "");
        Passes("opencl");
    }

    [Fact]
    public void TheGuideShowsTheProjectsOwnFiles()
    {
        var guide = MarkdownPage.Read("docs/guides/fused-kernel.md").Text;
        var folder = RepositoryRoot.Combine("tests", "Tutorial");
        Assert.Contains($"```csharp\n{File.ReadAllText(Path.Combine(folder, "Program.cs"))}```", guide);
        var project = File.ReadAllLines(Path.Combine(folder, "Tutorial.csproj"));
        foreach (var reference in project.Where(line => line.Contains("<ProjectReference", StringComparison.Ordinal)))
            Assert.Contains(reference.Trim().Replace("../../", "ldnet/"), guide);
    }

    static void Passes(string device)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "Tutorial.dll"), device])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        // Fifteen elements of each input one by one, and two directions.
        Assert.StartsWith("Gate: passed, 32 derivatives, ", output);
    }
}
