using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LdNetGpu.Tests.Serving;

/// <summary>A machine that has .NET, and not ASP.NET.</summary>
[Collection(Serving.Name)]
public sealed class AspNetRuntimeTests(ServingFixture serving)
{
    [Fact]
    public void OnlyServeNeedsAspNet()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Links to the runtime's folders.");
        var runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        var all = Path.GetFullPath(Path.Combine(runtime, "../../.."));
        var root = Directory.CreateTempSubdirectory("ldnet-no-aspnet-");
        try
        {
            // The program finds its frameworks where it itself lies.
            File.Copy(Path.Combine(all, "dotnet"), Path.Combine(root.FullName, "dotnet"));
            Directory.CreateSymbolicLink(Path.Combine(root.FullName, "host"), Path.Combine(all, "host"));
            var frameworks = Directory.CreateDirectory(Path.Combine(root.FullName, "shared/Microsoft.NETCore.App"));
            foreach (var file in Directory.EnumerateFiles(runtime))
            {
                var copy = Path.Combine(frameworks.FullName, Path.GetFileName(runtime), Path.GetFileName(file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            Assert.Equal((0, ""), Run("score", serving.Tagger.Write("scored.conll", "Anna B-PER B-PER\n")));
            var (code, error) = Run("serve", "--model", serving.Tagger.Folder);
            Assert.Equal(1, code);
            Assert.StartsWith("error: serve needs ASP.NET Core 10.0, which is not installed", error);
            Assert.DoesNotContain("   at ", error);
        }
        finally
        {
            root.Delete(recursive: true);
        }

        (int Code, string Error) Run(params string[] arguments)
        {
            var start = new ProcessStartInfo(Path.Combine(root.FullName, "dotnet"))
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ldnet.dll") },
            };
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            start.Environment.Remove("DOTNET_ROOT");
            start.Environment.Remove("LDNET_DEBUG");
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error.Result);
        }
    }
}
