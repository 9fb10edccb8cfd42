using System.Diagnostics;

namespace LdNetGpu.Tests;

/// <summary>
/// Drivers written for the tests, in C, built where they are needed. CI requires a compiler; elsewhere tests without
/// one are skipped.
/// </summary>
public static class CLibrary
{
    static readonly string[] Compilers = ["clang-19", "clang", "gcc", "cc"];

    /// <summary>Builds a shared library of one file.</summary>
    /// <param name="options">More for the compiler.</param>
    /// <returns>Why it could not; null where it could.</returns>
    /// <exception cref="InvalidOperationException">It could not, and this run requires it.</exception>
    public static string? Build(string source, string library, params string[] options)
    {
        foreach (var compiler in Compilers)
            try
            {
                using var process =
                    Process.Start(compiler, ["-shared", "-fPIC", "-O1", .. options, "-o", library, source]);
                process.WaitForExit();
                if (process.ExitCode == 0) return null;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not installed; the next may be.
            }
        var problem = $"no C compiler ({string.Join(", ", Compilers)}) that builds {Path.GetFileName(source)}.";
        return Environment.GetEnvironmentVariable(OpenClForTests.RequiredVariable) == "1"
            ? throw new InvalidOperationException(problem) : problem;
    }
}
