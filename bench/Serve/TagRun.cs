using System.Diagnostics;
using System.Text.RegularExpressions;
using LdNetGpu.Devices;

namespace LdNetGpu.Bench;

/// <summary>ldnet tag over the whole text: what the server is compared with.</summary>
static class TagRun
{
    public static string Row(string model, string text)
    {
        using var process = Process.Start(ServerProcess.Ldnet(
            ["tag", "--model", model, "--input", "raw", "--format", "entities", text], keepsErrors: true))!;
        var messages = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // The command's own figure, which begins when the model is loaded.
        var said = Regex.Match(messages.Result, @"tagging: [\d,]+ words, ([\d,.]+) words/s.*\s*\z");
        return process.ExitCode == 0 && said.Success
            ? $"| `ldnet tag`, the whole text |  | {said.Groups[1].Value.Replace(",", "", StringComparison.Ordinal)} "
                + "|  |  |  |  |  |"
            : throw new UserException($"ldnet tag: exit {process.ExitCode}: {messages.Result}");
    }
}
